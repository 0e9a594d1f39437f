/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little that the programs of this folder need of a monitor. Whatever fails
 * here ends the program with a message: these calls are not what is tested.
 */
#ifndef VMM_H
#define VMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <kvm44x.h>

#define KB   1024u
#define MB   (1024u * KB)
#define PAGE 4096u

struct vm {
	int vm, vcpu;
	struct kvm_run *run;
	int stats; /* KVM_GET_STATS_FD of the vCPU */
};

/* Counts and reports what is not so; vmm_result() is the exit status. */
#define CHECK(condition) vmm_check((condition), __FILE__, __LINE__, #condition)
bool vmm_check(bool so, const char *file, int line, const char *what);
int vmm_result(void);

/* A VM with its vCPU, and @size bytes at @ram as its memory from address 0 on */
void vm_create(struct vm *vm, void *ram, size_t size);
void vm_destroy(struct vm *vm);

/* KVM_SET_USER_MEMORY_REGION; @ram NULL: the slot goes */
void vm_slot(struct vm *vm, uint32_t slot, uint64_t gpa, void *ram, size_t size);

/* KVM44X_CREATE_MEMORY, mapped; NULL with errno where the module refuses it */
void *vm_contiguous(struct vm *vm, size_t size);

/* Anonymous memory */
void *ordinary(size_t size);

/*
 * Guest code: position-independent assembly between two symbols. "end_of_code"
 * in it, a mfdcr, is how it says that it has done what it should.
 */
#define GUEST_CODE(name, text)                                  \
	asm(".pushsection .rodata\n"                            \
	    ".balign 4\n" #name ":\n" text "\n" #name "_end:\n" \
	    ".popsection");                                     \
	extern const char name[], name##_end[]
#define END_OF_CODE "mfdcr 0, 0x3ff\n"

/* Copies code to @at, an address of the guest's memory that @ram begins. */
#define vm_code(ram, at, name) vm_copy_code(ram, at, name, name##_end)
void vm_copy_code(void *ram, uint32_t at, const char *begin, const char *end);

/* Sets pc, MSR and GPRs: r3 and up to count registers from @args on */
void vm_start(struct vm *vm, uint32_t pc, uint32_t msr, const uint32_t *args, unsigned int count);
#define VM_START(vm, pc, msr, ...)                               \
	vm_start(vm, pc, msr, (const uint32_t[]){ __VA_ARGS__ }, \
		 sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))
uint32_t vm_gpr(struct vm *vm, unsigned int n);

/* KVM_RUN: 0 with run->exit_reason set, or a negative errno. */
int vm_run(struct vm *vm);
/* Did the last KVM_RUN leave by END_OF_CODE? */
bool vm_ended(const struct vm *vm);

/* One of the vCPU's statistics, by its name */
uint64_t vm_stat(struct vm *vm, const char *name);

/* MSR */
#define MSR_PR 0x4000u

#endif
