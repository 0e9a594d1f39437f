/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* What kvm44x adds to the KVM ABI; shared with the VMM. */
#ifndef UAPI_KVM44X_H
#define UAPI_KVM44X_H

#include <linux/kvm.h>
#include <linux/types.h>

/*
 * VM ioctl: physically contiguous memory for a guest, so that its large TLB
 * entries stay large. The argument is the size in bytes, a multiple of 1 MB.
 * Returns a file descriptor to mmap (MAP_SHARED, from offset 0 on) and to give
 * to KVM_SET_USER_MEMORY_REGION; the best runs of memory lie at the lowest
 * offsets. ENOMEM: not to be had; ordinary memory works too, more slowly.
 */
#define KVM44X_CREATE_MEMORY _IOW(KVMIO, 0xf0, __u64)

/*
 * KVM_ENABLE_CAP of a VM that has an interrupt controller (KVM_CREATE_IRQCHIP:
 * UIC0) and no vCPU yet: one more UIC. args[0] is the number of its first DCR;
 * its external and critical outputs drive the sources args[1] and args[2] of UIC0.
 * KVM_CHECK_EXTENSION tells how many a VM can have.
 */
#define KVM44X_CAP_UIC 0x44000000

/*
 * KVM_SET_GUEST_DEBUG: take no asynchronous interrupt, so that a step leads to the
 * next instruction of the same code. KVM_CAP_SET_GUEST_DEBUG2 tells of it.
 */
#define KVM44X_GUESTDBG_BLOCKIRQ 0x00100000

/* State of a UIC, at the beginning of "chip" for KVM_{GET,SET}_IRQCHIP. Source n: 1 << (31 - n) */
struct kvm44x_uic {
	__u32 sr;
	__u32 er;
	__u32 cr;
	__u32 pr;
	__u32 tr;
	__u32 vcr;
	__u32 input; /* inputs that are asserted, those by other UICs included */
	__u32 line; /* of them, by KVM_IRQ_LINE */
	__u32 resample; /* and by irqfds with KVM_IRQFD_FLAG_RESAMPLE */
	__u32 reserved[7]; /* 0 */
};

/*
 * Registers for KVM_{GET,SET}_ONE_REG, outside the ranges of asm/kvm.h, whose
 * own ids serve IAC1-4, DAC1-2, FPR0-31, FPSCR, TCR, TSR, VRSAVE (USPRG0), DBSR
 * and DEC_EXPIRY.
 */
#define KVM44X_REG (KVM_REG_PPC | 0x44000000ULL)

/* Any other SPR with number n (0..1023), as it is stored: a write has no side effects */
#define KVM44X_REG_SPR(n) (KVM44X_REG | KVM_REG_SIZE_U32 | (n))

/* Guest TLB entry n (0..63): struct kvm44x_tlbe */
#define KVM44X_REG_TLB(n) (KVM44X_REG | KVM_REG_SIZE_U128 | 0x10000 | (n))

/* Interrupt inputs that are asserted: KVM44X_LINE_* */
#define KVM44X_REG_LINES (KVM44X_REG | KVM_REG_SIZE_U32 | 0x20000)

/* 1: the vCPU gets its first TLB when it next runs; 0 once it has run or TLB(n) was set */
#define KVM44X_REG_FIRST_RUN (KVM44X_REG | KVM_REG_SIZE_U32 | 0x20001)

/* The exit that user space has not answered yet: struct kvm44x_in_flight */
#define KVM44X_REG_IN_FLIGHT (KVM44X_REG | KVM_REG_SIZE_U256 | 0x20002)

/*
 * Time base up to which TSR has what fixed interval timer and watchdog did. Setting
 * TSR or TCR makes it the present.
 */
#define KVM44X_REG_TSR_TIME (KVM44X_REG | KVM_REG_SIZE_U64 | 0x20003)

/* The magic page that the guest has asked for: struct kvm44x_magic */
#define KVM44X_REG_MAGIC (KVM44X_REG | KVM_REG_SIZE_U512 | 0x20004)

struct kvm44x_tlbe {
	__u32 word[3];
	__u32 tid; /* 0..255 */
};

#define KVM44X_LINE_EXTERNAL 1 /* KVM_INTERRUPT_SET_LEVEL */
#define KVM44X_LINE_CRITICAL 2
#define KVM44X_LINE_EDGE     4 /* KVM_INTERRUPT_SET */

#define KVM44X_IN_FLIGHT_NONE 0
#define KVM44X_IN_FLIGHT_MMIO 1
#define KVM44X_IN_FLIGHT_DCR  2

struct kvm44x_in_flight {
	__u32 kind; /* KVM44X_IN_FLIGHT_* */
	__u32 insn_flags; /* MMIO: the module's own notion of the instruction */
	__u32 ea; /* MMIO: of what waits */
	__u32 update_ea;
	__u64 value; /* MMIO: bytes that a register has got already of those it waits for */
	__u16 number; /* DCR */
	__u8 reg;
	__u8 write; /* DCR */
	__u8 left; /* MMIO: bytes to come, those that wait included */
	__u8 done; /* MMIO: bytes in value */
	__u8 ra;
	__u8 reserved; /* 0 */
};

/* What is not a register; all 0 if it is not mapped */
struct kvm44x_magic {
	__u32 ea; /* a multiple of 4096 */
	__u32 mapped; /* 1 */
	__u64 scratch[3]; /* scratch1 to scratch3 */
	__u64 critical;
	__u64 reserved[3]; /* 0 */
};

#endif
