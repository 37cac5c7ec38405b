#!/bin/sh
# The command and the unit's program: our own runtime, whatever Node the machine has or has not.
exec /usr/lib/bleep-bridge/bin/node /usr/lib/bleep-bridge/src/bleepd.js "$@"
