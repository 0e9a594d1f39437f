# SPDX-License-Identifier: GPL-2.0-only
# The front door. `make help` says what there is.

help:
	@sed -n 's/^#: \?//p' Makefile

#: kvm44x: KVM for the PowerPC 440 family
#:
#:   make run              a Linux guest in a VM on an emulated 440 host, on this terminal
#:   make run CMD='...'    run a command in the guest: its output, its exit status
#:   make host             a shell on the host, with the module loaded and vm44x on the path
#:   make host CMD='...'   run a command on the host
#:   make run HOST=6.12 GUEST=6.1-64k    other kernels: VERSION or VERSION-CONFIG (docs/kernels.md)
#:   make run MACHINE=sam460ex           another host: a 460EX, not a 440EP
#:   make run DISK=1       the guest boots a real system from a disk (docs/guest-image.md); what it
#:                         writes is lost in the end; DISK=FILE: it is kept, in this copy of
#:                         build/guest-image.img
#:   make run NET=1        the guest has a network; with DISK, ssh to it: ssh -p 2222 -i build/guest-image.pem
#:                         root@localhost (NET=PORT: another port); both go with make host, too
#:
#:   make check            all tests; make check TESTS='system/boot guest/*': some
#:   make check PARAMS=... all tests, the module loaded with these parameters (fast=0)
#:   make check HOST_DEBUG=1    those with a host, on a debug kernel; HOST_DEBUG=kasan: with KASAN
#:
#:   make fuzz             fuzz core/ and the user ABI, each harness for 30 seconds, or for TIME=...;
#:                         TESTS=fuzz/ioctl HOST_DEBUG=1: this one, on a debug kernel
#:   make fuzz REPRO=...   run an input again that failed
#:   make torture SEEDS=10000    random instruction streams, in a VM as on the bare machine (docs/torture.md);
#:                         FIRST=n: from that seed on; MODES='plain pages moved slow magic': in each of these
#:   make torture REPLAY=n that seed with all its events, and where the two sides differ
#:   make lint             style, checkpatch, W=1 and sparse, cppcheck, symbols of core/
#:   make coverage         lines of core/ that its unit tests execute
#:
#:   make bench            what operations and loads of a guest cost, in instructions (docs/performance.md)
#:   make bench BASE=REV   the same beside another revision; PROFILE=1: where they go;
#:                         GROWTH=1: with more VMs, memory and processes, too
#:   make profile NAME=... where those of operations and loads go, by function
#:
#:   make setup            install the Debian packages that are missing (the others do so, too)
#:   make all              build everything that `make run` needs
#:   make guest-image      the disk: build/guest-image.img, with the key for ssh, build/guest-image.key
#:   make kmod KDIR=...    the module for a kernel tree of yours, in build/module/
#:                         (ARCH=powerpc CROSS_COMPILE=powerpc-linux-gnu- unless you say otherwise)
#:   make overlay DEST=... the same sources as arch/powerpc/kvm44x of a kernel tree of yours
#:   make vmm              vm44x, in build/vmm/
#:   make install          vm44x, its man page and completion, below $(DESTDIR)$(PREFIX) (/usr/local);
#:                         with KDIR=... also the module for that kernel, below $(DESTDIR)/lib/modules
#:   make format           clang-format over our C
#:   make docs             docs/cpu.md anew, from the tables in core/, and docs/man.md, from vmm/vm44x.1
#:   make clean            remove build/ (kernels and busybox stay in ~/.cache/kvm44x)
#:
#: CMD is taken as it stands, `$` included. V=1 shows the commands. Logs are in build/log/.

V ?= 0
Q := $(if $(filter 1,$(V)),,@)
MAKEFLAGS += --no-print-directory $(if $(filter 1,$(V)),,-s)
SHELL := /bin/bash

CROSS_COMPILE ?= powerpc-linux-gnu-
build := $(CURDIR)/build

# Kernels: VERSION or VERSION-CONFIG. The environment names them for the scripts.
debug := $(if $(filter 1,$(HOST_DEBUG)),debug,$(HOST_DEBUG))
HOST := $(or $(KVM44X_HOST),$(if $(NET),6.1-virtio),6.1)
GUEST := $(or $(KVM44X_GUEST),$(if $(DISK)$(NET),6.1-virtio),6.1)
configured = $(if $(findstring -,$1),$1,$1-$2)
export KVM44X_HOST := $(call configured,$(HOST),$(or $(debug),kvm44x))
export KVM44X_GUEST := $(call configured,$(GUEST),kvm44x)
# the one that programs are built with
kernel := $(build)/kernel/6.1-kvm44x
source := $(build)/kernel/6.1-source

# The command as the user wrote it, not as make would expand it
ifdef CMD
override CMD := $(value CMD)
endif

# QEMU's machine for the host
export KVM44X_MACHINE := $(or $(MACHINE),$(KVM44X_MACHINE),bamboo)

# Of the module on every emulated host
export HOST_PARAMS := $(PARAMS)

# What the parts say while they are built is not the output of CMD.
all: setup testbed kmod vmm guest

setup:
	$(Q)testbed/setup >&2

# --- the emulated host ------------------------------------------------------

kernels = $(patsubst %,$(build)/kernel/%/.complete,$1)
modules = $(patsubst %,$(build)/kmod/%/kvm44x.ko,$1)

testbed: $(call kernels,$(KVM44X_HOST) $(KVM44X_GUEST)) $(kernel)/.complete $(build)/busybox/.complete frame

# These two return at once, without a new time stamp, when the cache has it.
.PRECIOUS: $(call kernels,%)
$(call kernels,%): FORCE | setup
	$(Q)testbed/kernel/build $* >&2

$(build)/busybox/.complete: FORCE | setup
	$(Q)testbed/busybox >&2

guest-image: $(build)/busybox/.complete frame
	$(Q)testbed/image/programs >&2
	$(Q)testbed/image/build >&2

passt: | setup
	$(Q)testbed/passt >&2

frame: | setup
	$(Q)$(MAKE) -C testbed/frame O=$(build)/frame >&2

# --- the module -------------------------------------------------------------

ifdef KDIR
kmod:
	$(Q)ARCH=$(or $(ARCH),powerpc) CROSS_COMPILE=$(CROSS_COMPILE) kmod/build '$(KDIR)' $(build)/module >&2
else
kmod: $(call modules,$(KVM44X_HOST))
endif

$(call modules,%): $(call kernels,%) $(shell find core kmod -type f) | setup
	$(Q)ARCH=powerpc CROSS_COMPILE=$(CROSS_COMPILE) kmod/build $(<D) $(@D) >&2

overlay:
	$(if $(DEST),,$(error DEST=... names the kernel's source tree))
	$(Q)kmod/overlay '$(DEST)'

# --- the monitor and the guest programs -------------------------------------

vmm: $(kernel)/.complete
	$(Q)$(MAKE) -C vmm O=$(build)/vmm CROSS_COMPILE=$(CROSS_COMPILE) \
		LINUX=$(source) >&2

install: vmm $(if $(KDIR),kmod)
	$(Q)$(MAKE) -C vmm install O=$(build)/vmm CROSS_COMPILE=$(CROSS_COMPILE) LINUX=$(source) \
		DESTDIR='$(DESTDIR)' $(if $(PREFIX),PREFIX='$(PREFIX)')
ifdef KDIR
	$(Q)install -D -m 644 $(build)/module/kvm44x.ko \
		'$(DESTDIR)/lib/modules/'"$$(cat '$(KDIR)/include/config/kernel.release')"/updates/kvm44x.ko
endif

guest: | setup
	$(Q)$(MAKE) -C guest O=$(build)/guest CROSS_COMPILE=$(CROSS_COMPILE) >&2

# --- running ----------------------------------------------------------------

# run and host end in the command itself, so that its exit status is make's.
ifneq ($(filter run host,$(MAKECMDGOALS)),)
-load $(build)/exec.so
endif

$(build)/exec.so: testbed/exec.c | setup
	$(Q)mkdir -p $(build) && gcc -O2 -Wall -Wextra -Werror -shared -fPIC -o $@ $<

# make expands a recipe for -n, too
dry := $(findstring n,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
# what make exports is not in its own environment
exec_run = $(exec env,KVM44X_HOST=$(KVM44X_HOST),KVM44X_GUEST=$(KVM44X_GUEST),KVM44X_MACHINE=$(KVM44X_MACHINE),DISK=$(DISK),NET=$(NET),testbed/run,$1,$(CMD))

run_needs := $(if $(filter 1,$(DISK)),guest-image) $(if $(NET),passt)

run: all $(run_needs)
	$(Q)$(if $(dry),testbed/run guest,$(call exec_run,guest))

host: all $(run_needs)
	$(Q)$(if $(dry),testbed/run host,$(call exec_run,host))

# --- tests ------------------------------------------------------------------

check: all unit fuzzers
	$(Q)set -f; tests/run $(or $(TESTS),$(if $(debug),system/* guest/* fuzz/ioctl))

unit: | setup
	$(Q)$(MAKE) -C tests/unit O=$(build)/unit >&2

fuzzers: $(kernel)/.complete
	$(Q)$(MAKE) -C tests/fuzz O=$(build)/fuzz LINUX=$(source) >&2

fuzz: all fuzzers
	$(Q)set -f; $(if $(REPRO),tests/fuzz/run $(REPRO),FUZZ_TIME=$(or $(TIME),30) tests/run $(or $(TESTS),fuzz/*))

torture: all
	$(Q)tests/torture/run $(if $(REPLAY),replay $(REPLAY),$(or $(FIRST),1) $(or $(SEEDS),1000)) $(MODES)

# --- figures ----------------------------------------------------------------

bench-parts: all
	$(Q)$(MAKE) -C bench O=$(build)/bench CROSS_COMPILE=$(CROSS_COMPILE) >&2

profile: bench-parts
	$(Q)bench/profile $(NAME)

bench: bench-parts $(call kernels,6.1-virtio) guest-image
	$(Q)BASE='$(BASE)' PROFILE='$(PROFILE)' GROWTH='$(GROWTH)' bench/run

coverage: | setup
	$(Q)$(MAKE) -C tests/unit O=$(build)/coverage coverage

lint: $(kernel)/.complete
	$(Q)tests/run style lint

# --- housekeeping -----------------------------------------------------------

docs: unit
	$(Q)$(build)/unit/cpu_table tests/abi/registers.txt >docs/cpu.md
	$(Q)mandoc -T markdown vmm/vm44x.1 >docs/man.md

format:
	$(Q)git ls-files -z '*.c' '*.h' | xargs -0 clang-format -i

clean:
	$(Q)rm -rf build

FORCE:

.PHONY: help all setup testbed guest-image passt frame kmod overlay vmm install guest run host check unit fuzzers fuzz torture bench-parts profile bench lint coverage docs format clean FORCE
