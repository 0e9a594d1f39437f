#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 600
# Hosts: 6.1-kvm44x 6.12-kvm44x
# The module for a kernel tree of the user's: `make kmod KDIR=` refuses one that
# cannot do, and says why; `make overlay DEST=` makes the sources a part of the
# tree, built with it as a module that works, and built in.
. "${0%/*}/lib.sh"
cd "$top"
unset MAKEFLAGS MAKELEVEL MFLAGS KVM44X_HOST KVM44X_GUEST

refused() { # PATTERN MAKE-ARGUMENT...
	local pattern=$1
	shift

	! make "$@" >"$work/stdout" 2>"$work/stderr" || fail "make $* succeeded"
	match "make $*" "$pattern" "$(cat "$work/stderr")"
}

# --- make kmod KDIR=... -------------------------------------------------------

tree() { # VERSION OPTION...: as little of a configured kernel as is looked at
	local kdir=$work/kdir

	mkdir -p "$kdir/include/generated"
	printf 'kernelversion:\n\t@echo %s\n' "$1" >"$kdir/Makefile"
	touch "$kdir/include/generated/autoconf.h"
	printf 'CONFIG_%s\n' "${@:2}" >"$kdir/.config"
}
complete=(44x=y PPC_4K_PAGES=y MODULES=y PREEMPT_NOTIFIERS=y MMU_NOTIFIER=y HIGH_RES_TIMERS=y
	NO_HZ_IDLE=y EVENTFD=y)

refused "$work is not a kernel tree" kmod KDIR="$work"
tree 5.10.3 "${complete[@]}"
refused 'Linux 5.10.3; supported are 6.1 and 6.12' kmod KDIR="$work/kdir"
tree 6.13.0 "${complete[@]}"
refused 'Linux 6.13.0; supported are 6.1 and 6.12' kmod KDIR="$work/kdir"
tree 6.1.50 "${complete[@]:2}"
refused 'must have CONFIG_44x=y CONFIG_PPC_4K_PAGES=y;' kmod KDIR="$work/kdir"
tree 6.12.9 "${complete[@]}" SMP=y
refused 'must have CONFIG_SMP=n;' kmod KDIR="$work/kdir"
rm "$work/kdir/.config"
refused 'not configured' kmod KDIR="$work/kdir"
refused '6.7: no such' kmod KDIR="$work/6.7: no such"

# --- make overlay DEST=... ----------------------------------------------------

refused 'DEST=' overlay
refused "$work is not a kernel tree" overlay DEST="$work"

# The source as the cache has it, but for a copy of arch/powerpc
lay_over() { # VERSION
	local source

	source=$(readlink "$build/kernel/$1-source")
	tree=$work/linux-$1
	out=$work/out-$1
	mkdir "$tree" "$out"
	ln -s "$source"/* "$tree"
	rm "$tree/arch"
	mkdir "$tree/arch"
	ln -s "$source"/arch/* "$tree/arch"
	rm "$tree/arch/powerpc"
	cp -a "$source/arch/powerpc" "$tree/arch"
	make overlay DEST="$tree"
	make overlay DEST="$tree"
	same "lines about kvm44x in the tree of $1" 2 \
		"$(cat "$tree"/arch/powerpc/{Kbuild,Kconfig} | grep -c kvm44x)"
}

in_tree() { # TARGET...
	make -s -C "$tree" O="$out" ARCH=powerpc CROSS_COMPILE="$cross" -j"$(nproc)" "$@"
}

module_works() { # VERSION
	local kernel=$1-kvm44x module=$out/arch/powerpc/kvm44x/kvm44x.ko

	# what a whole build would leave of vmlinux
	cp "$build/kernel/$kernel/.config" "$build/kernel/$kernel/vmlinux.o" "$out"
	echo CONFIG_KVM44X=m >>"$out/.config"
	in_tree olddefconfig modules_prepare
	in_tree arch/powerpc/lib/crtsavres.o arch/powerpc/kvm44x/kvm44x.ko
	grep -qa 'intree=Y' "$module" || fail "$module is not the tree's"
	host_options=(--kernel "$kernel" --add "$module:/lib/kvm44x.ko")
	same "a guest's output on the module of the tree of $1" "it works" \
		"$(host 'guest "echo it works"')"
}

built_in() {
	sed -i 's/^CONFIG_KVM44X=m/CONFIG_KVM44X=y/' "$out/.config"
	in_tree olddefconfig
	in_tree arch/powerpc/kvm44x/
	"${cross}nm" "$out/arch/powerpc/kvm44x/built-in.a" 2>/dev/null | grep -q ' kvm44x_init$' ||
		fail "nothing of ours is built in"
}

lay_over 6.12
module_works 6.12
lay_over 6.1
module_works 6.1
built_in
