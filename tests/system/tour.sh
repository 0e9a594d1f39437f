#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-virtio
# Guests: 6.1-virtio
# Needs: guest-image
# Timeout: 900
# docs/tour.md as a reader follows it, on terminals. In its code blocks, what stands behind a prompt
# ("$ ", "> ", "host:/# ", "guest:~# ") is typed there; "Ctrl-a x" is these keys; any other line must
# come on the screen, in this order, but for "...". "<!-- terminal NAME -->" before a block: it
# is on that terminal.
. "${0%/*}/lib.sh"
cd "$top"

# as a reader's: make chooses the kernels
unset KVM44X_HOST KVM44X_GUEST

patience=120 # seconds for what a command does

prompt_pattern='^(\$|>|[a-z]+:[^ ]*#) (.*)$'

# The text itself as a regular expression
literal() {
	# shellcheck disable=SC2001
	sed 's/[][\.*^$+?(){}|]/\\&/g' <<<"$1"
}

# Keys of a shell line, as printf %b takes them
keys() {
	# shellcheck disable=SC2001
	sed 's/\\/\\\\/g' <<<"$1"
}

line_of_tour() { # TEXT
	if [ "$1" = ... ]; then
		return
	elif [ "$1" = "Ctrl-a x" ]; then
		types '\001x'
	elif [[ $1 =~ $prompt_pattern ]]; then
		echo "$terminal: $1"
		[ "${terminal_pid[$terminal]-}" ] || open_terminal "PS1='\$ ' exec bash --norc --noediting -i"
		sees "(^|[^a-z])$(literal "${BASH_REMATCH[1]}") " $patience
		types "$(keys "${BASH_REMATCH[2]}")\r"
		# the echo is not what the command says
		[ -z "${BASH_REMATCH[2]}" ] || sees "$(literal "${BASH_REMATCH[2]:0:20}")" 10
	else
		sees "$(literal "$1")" $patience
	fi
}

terminal=first
while IFS= read -r text; do
	case $text in
	'<!-- terminal '*) terminal=${text#<!-- terminal } && terminal=${terminal% -->} ;;
	'    '*) line_of_tour "${text#    }" ;;
	esac
done <"${TOUR:-docs/tour.md}"
for terminal in "${!terminal_pid[@]}"; do
	sees '^\$ ' $patience
	types 'exit\r'
	close_terminal
done
