// compose reads compose files as `docker compose` does, with the same parser and schema, and says what is wrong.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	failed := false
	for _, name := range os.Args[1:] {
		options, err := cli.NewProjectOptions([]string{name}, cli.WithOsEnv, cli.WithName("test"))
		if err == nil {
			_, err = options.LoadProject(context.Background())
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}
