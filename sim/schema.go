package sim

type schema = map[string]any
