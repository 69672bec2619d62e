package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

const usage = "usage: bare mm5|gate16 [CUSTOMERS] [SEED]"

type result struct {
	Model        string  `json:"model"`
	Engine       string  `json:"engine"`
	Customers    int     `json:"customers"`
	Seconds      float64 `json:"seconds"`
	PerSecond    float64 `json:"per_second"`
	MeanWait     float64 `json:"mean_wait"`
	MeanSystem   float64 `json:"mean_system"`
	MeanWaitHigh float64 `json:"mean_wait_high,omitempty"` // gate16
	MeanWaitLow  float64 `json:"mean_wait_low,omitempty"`  // gate16
}

func main() {
	r, err := run(os.Args[1:])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(r)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// run runs the model that the arguments name and times it.
func run(args []string) (result, error) {
	if len(args) < 1 || len(args) > 3 {
		return result{}, fmt.Errorf("%s", usage)
	}
	model := map[string]func(int, *rand.Rand) totals{"mm5": mm5, "gate16": gate16}[args[0]]
	if model == nil {
		return result{}, fmt.Errorf("there is no model %q; %s", args[0], usage)
	}
	numbers := []int{1_000_000, 1}
	for i, text := range args[1:] {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return result{}, fmt.Errorf("%q is not a whole number above 0; %s", text, usage)
		}
		numbers[i] = n
	}
	customers, seed := numbers[0], numbers[1]
	began := time.Now()
	t := model(customers, rand.New(rand.NewPCG(uint64(seed), 0)))
	seconds := time.Since(began).Seconds()
	n := float64(customers)
	r := result{
		Model: args[0], Engine: "bare", Customers: customers, Seconds: seconds, PerSecond: n / seconds,
		MeanWait: (t.wait[0] + t.wait[1]) / n, MeanSystem: t.system / n,
	}
	if t.count[1] > 0 {
		r.MeanWaitHigh = t.wait[0] / t.count[0]
		r.MeanWaitLow = t.wait[1] / t.count[1]
	}
	return r, nil
}
