#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 180
# `make run` at a terminal: the guest's shell, its size, Ctrl-C, vm44x's keys, a
# clean end by poweroff and by Ctrl-a x, and the terminal as it was before.
. "${0%/*}/lib.sh"
cd "$top"

run() { # COMMAND, on a terminal
	open_terminal "before=\$(stty -g); $1; echo \"status \$?\"
		[ \"\$before\" = \"\$(stty -g)\" ] && echo terminal restored"
}

run "make run"
sees 'Linux version' 60
sees 'guest:/# ' 60
types 'stty size\r'
sees '37 91' 10
# the command as it is typed does not match
types "echo re''ady; cat\\r"
sees 'ready' 10
types 'typed\r'
sees 'typed' 10 # the echo
sees 'typed' 10 # cat's copy
types '\003'
sees 'guest:/# ' 10
types 'echo "status $?"\r'
sees 'status 130' 10
types 'sleep 100 &\r'
sees 'guest:/# ' 10
types 'jobs\r'
sees 'Running *sleep 100' 10
types '\001h'
sees 'Ctrl-a x' 10
types 'poweroff\r'
sees 'status 0' 20
sees 'terminal restored' 5
close_terminal

run "make run"
sees 'guest:/# ' 60
types '\001x'
sees 'status 0' 20
sees 'terminal restored' 5
close_terminal

run "make host"
sees 'host:/# ' 60
types 'exit 4\r'
sees 'status 4' 20
sees 'terminal restored' 5
close_terminal
