// Package scenarios holds the scenario files that come with Landport.
//
// They are YAML in the format of docs/scenarios.md; sim.Decode reads them, and
// schema.json lets an editor complete and check them. Each figure in them names
// its source or says that it is assumed.
package scenarios
