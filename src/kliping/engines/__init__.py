"""Where the tasks of a build run: `local` on this machine's processes, `spark` on a cluster; the bytes are the same."""
