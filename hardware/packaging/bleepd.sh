#!/bin/sh
# The command and the unit's program: our own runtime, whatever Node the machine has or has not.
# Compiled code is kept where the service manager gives a folder for it, and never among the package's own files.
[ -n "$CACHE_DIRECTORY" ] || export NODE_DISABLE_COMPILE_CACHE=1
exec /usr/lib/bleep-bridge/bin/node /usr/lib/bleep-bridge/src/bleepd.js "$@"
