package scenarios_test

import (
	"strings"
	"testing"

	"landport/scenarios"
)

func TestSpacesOfPlansComeWithScenarios(t *testing.T) {
	data, err := scenarios.Search("bavet-mocbai-2018")
	if err != nil || !strings.Contains(string(data), "cost_unit:") {
		t.Errorf("%s, %v", data, err)
	}
	if _, err := scenarios.Search("mm5"); err == nil || !strings.Contains(err.Error(), `no space of plans comes with "mm5"; one comes with bavet-mocbai-2018, kimthanh-peaks;`) {
		t.Error(err)
	}
}
