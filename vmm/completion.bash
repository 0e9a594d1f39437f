# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Completion of vm44x for bash. What there is to complete is asked of vm44x itself: the
# options and their values are those of its help.

# The options, each with its value if there is one: "--kernel FILE", "--gdb [=PORT|DEVICE]"
_vm44x_options() { # VM44X
	"$1" run --help 2>/dev/null | sed -n \
		's/^  \(-., \)*\( *\)\(--[a-z0-9-]*\)\( [^ ]*\|\[[^ ]*\)\?.*/\3 \4/p'
}

_vm44x() {
	local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	local equals='' options value

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'run --help --version' -- "$current")
		return
	fi
	# bash takes "=" for a word
	if [ "$current" = = ]; then
		equals='='
		current=
	elif [ "$option" = = ]; then
		equals='='
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $option in
	-k) option=--kernel ;;
	-i) option=--initrd ;;
	-d) option=--disk ;;
	esac
	options=$(_vm44x_options "$1")
	value=$(sed -n "s/^$option  *//p" <<<"$options")
	case $equals$value in
	'' | '[='*) # no value, or one that needs "="
		mapfile -t COMPREPLY < <(compgen -W "$(cut -d ' ' -f 1 <<<"$options")" -- "$current")
		;;
	*FILE* | *FIFO* | *DIR* | *DEVICE*)
		compopt -o filenames 2>/dev/null || true
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		;;
	*[a-z]*) # words to choose from
		value=${value%%[*}
		value=${value//[A-Z]/}
		mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$current")
		;;
	esac
}
complete -F _vm44x vm44x
