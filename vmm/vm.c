// SPDX-License-Identifier: GPL-2.0-only
/* KVM: the standard interface of a BookE PowerPC, Documentation/virt/kvm/api.rst. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kvm44x.h>

#include "debugger.h"
#include "report.h"
#include "vm.h"

#define DEVICE	    "/dev/kvm"
#define SIGNAL_KICK SIGUSR1

/* Without these nothing works; all are older than the module. */
static const struct {
	int cap;
	const char *name;
} needed[] = {
	{ KVM_CAP_USER_MEMORY, "USER_MEMORY" },
	{ KVM_CAP_PPC_BOOKE_SREGS, "PPC_BOOKE_SREGS" },
	{ KVM_CAP_ONE_REG, "ONE_REG" },
	{ KVM_CAP_IMMEDIATE_EXIT, "IMMEDIATE_EXIT" },
};

static int open_device(void)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	switch (errno) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return vm_error("there is no " DEVICE
				": is the kvm44x module loaded? (insmod kvm44x.ko)");
	case EACCES:
	case EPERM:
		return vm_error("no permission to open " DEVICE
				": run as root, or join the group that owns it");
	default:
		return vm_error("cannot open " DEVICE ": %s", strerror(errno));
	}
}

static int check_device(int kvm)
{
	int version = ioctl(kvm, KVM_GET_API_VERSION, 0);
	unsigned int i;

	if (version != KVM_API_VERSION)
		return vm_error(
			DEVICE
			" speaks version %d of the KVM API, not %d: load the kvm44x module of this vm44x",
			version, KVM_API_VERSION);
	for (i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (ioctl(kvm, KVM_CHECK_EXTENSION, needed[i].cap) <= 0)
			return vm_error(
				DEVICE
				" lacks the capability KVM_CAP_%s: load the kvm44x module of this vm44x",
				needed[i].name);
	return 0;
}

/* A system call of KVM failed. */
static int failed(const char *what)
{
	if (errno == ENOMEM)
		return vm_error(
			"cannot %s: the host is out of memory; end other programs or give less with --mem",
			what);
	return vm_error("cannot %s: %s", what, strerror(errno));
}

/* The guest's watchdog is told apart from its own reset; a module that cannot does a reset. */
static void want_watchdog(const struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_PPC_BOOKE_WATCHDOG };

	if (ioctl(vm->vcpu, KVM_ENABLE_CAP, &cap) < 0)
		vm_verbose("the module does not tell when the guest's watchdog resets it");
}

static int create_vcpu(struct vm *vm)
{
	int size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	void *run;

	if (size < (int)sizeof(struct kvm_run))
		return vm_error(
			DEVICE
			" has an unknown layout of its shared page: load the kvm44x module of this vm44x");
	vm->vcpu = ioctl(vm->vm, KVM_CREATE_VCPU, 0);
	if (vm->vcpu < 0)
		return failed("create the virtual CPU");
	run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (run == MAP_FAILED)
		return failed("map the virtual CPU's page");
	vm->run = run;
	vm->run_size = size;
	want_watchdog(vm);
	return 0;
}

/* A host without an FPU has no guest with one, which is what the refusal is about. */
static int set_pvr(const struct vm *vm, const struct board *board)
{
	struct kvm_sregs sregs;

	if (ioctl(vm->vcpu, KVM_GET_SREGS, &sregs) < 0)
		return failed("read the special registers of the virtual CPU");
	sregs.pvr = board->pvr;
	sregs.u.e.features = 0;
	if (ioctl(vm->vcpu, KVM_SET_SREGS, &sregs) < 0)
		vm_warn("the guest of board '%s' sees the host's CPU: it cannot be a %s here",
			board->name, board->cpu_model);
	return 0;
}

int vm_open(struct vm *vm)
{
	*vm = (struct vm){ .kvm = -1, .vm = -1, .vcpu = -1 };
	vm->kvm = open_device();
	if (vm->kvm < 0 || check_device(vm->kvm) < 0)
		return -1;
	vm->vm = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->vm < 0)
		return failed("create the virtual machine");
	return 0;
}

int vm_hypervisor(const struct vm *vm, struct hypervisor *hypervisor)
{
	struct kvm_ppc_pvinfo info;

	if (ioctl(vm->vm, KVM_PPC_GET_PVINFO, &info) < 0)
		return failed("learn how the guest makes hypercalls");
	memcpy(hypervisor->hcall, info.hcall, sizeof(hypervisor->hcall));
	hypervisor->idle = info.flags & KVM_PPC_PVINFO_FLAGS_EV_IDLE;
	return 0;
}

int vm_contiguous_memory(struct vm *vm, uint64_t size)
{
	int fd = ioctl(vm->vm, KVM44X_CREATE_MEMORY, &size);

	if (fd < 0)
		vm_verbose("no contiguous memory for the guest (%s): it will run more slowly",
			   strerror(errno));
	return fd;
}

/* The level that a device has come to. */
static void irq_line(void *ctx, uint32_t irq, bool asserted)
{
	const struct vm *vm = ctx;
	struct kvm_irq_level level = { .irq = irq, .level = asserted };

	if (ioctl(vm->vm, KVM_IRQ_LINE, &level) < 0)
		vm_warn("cannot drive interrupt %" PRIu32 ": %s", irq, strerror(errno));
}

static int create_irqchip(struct vm *vm, const struct board *board)
{
	unsigned int i;

	if (ioctl(vm->vm, KVM_CHECK_EXTENSION, KVM44X_CAP_UIC) <= 0)
		return vm_error(
			DEVICE
			" has no interrupt controller: load the kvm44x module of this vm44x, or give --irqchip=user");
	if (ioctl(vm->vm, KVM_CREATE_IRQCHIP, 0) < 0)
		return failed("create the interrupt controller");
	for (i = 1; i < board->uics; i++) {
		const struct v44_uic_wires *wires = &board->uic[i];
		struct kvm_enable_cap cap = {
			.cap = KVM44X_CAP_UIC,
			.args = { wires->dcr, wires->external, wires->critical },
		};

		if (ioctl(vm->vm, KVM_ENABLE_CAP, &cap) < 0)
			return failed("create another interrupt controller");
	}
	vm->irqchip = (struct machine_irqchip){ .set = irq_line, .ctx = vm };
	return 0;
}

int vm_notify_by(const struct vm *vm, uint64_t addr, int fd)
{
	struct kvm_ioeventfd io = { .addr = addr, .len = 4, .fd = fd };

	return ioctl(vm->vm, KVM_IOEVENTFD, &io) < 0 ? failed("connect a device") : 0;
}

int vm_interrupt_by(const struct vm *vm, uint32_t irq, int fd)
{
	struct kvm_irqfd irqfd = { .fd = fd, .gsi = irq };

	return ioctl(vm->vm, KVM_IRQFD, &irqfd) < 0 ? failed("connect a device's interrupt") : 0;
}

const struct machine_irqchip *vm_irqchip(const struct vm *vm)
{
	return vm->irqchip.set ? &vm->irqchip : NULL;
}

int vm_create(struct vm *vm, const struct memory *mem, const struct board *board, bool irqchip)
{
	struct kvm_userspace_memory_region region = {
		.slot = 0,
		.guest_phys_addr = 0,
		.memory_size = mem->size,
		.userspace_addr = (uintptr_t)mem->host,
	};

	if (ioctl(vm->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0)
		return failed("give the virtual machine its memory");
	if (irqchip && create_irqchip(vm, board) < 0)
		return -1;
	if (create_vcpu(vm) < 0)
		return -1;
	return board->pvr ? set_pvr(vm, board) : 0;
}

void vm_destroy(struct vm *vm)
{
	if (vm->debugger)
		debugger_close(vm->debugger);
	if (vm->run)
		munmap(vm->run, vm->run_size);
	if (vm->vcpu >= 0)
		close(vm->vcpu);
	if (vm->vm >= 0)
		close(vm->vm);
	if (vm->kvm >= 0)
		close(vm->kvm);
}

int vm_set_entry(struct vm *vm, const struct entry_state *entry)
{
	struct kvm_regs regs = { .pc = entry->pc };

	/* The special registers stay as the reset of the vCPU left them. */
	regs.gpr[1] = entry->r1;
	regs.gpr[3] = entry->r3;
	if (ioctl(vm->vcpu, KVM_SET_REGS, &regs) < 0)
		return failed("set the registers of the virtual CPU");
	return 0;
}

/* The thread in vm_run, and where a handler tells KVM_RUN to return at once. */
static pthread_t vcpu_thread;
static struct kvm_run *volatile vcpu_run;

static void take_out(int sig)
{
	struct kvm_run *run = vcpu_run;

	(void)sig;
	if (run)
		run->immediate_exit = 1;
}

static void install_kick(void)
{
	struct sigaction kick = { .sa_handler = take_out };

	sigemptyset(&kick.sa_mask);
	sigaction(SIGNAL_KICK, &kick, NULL);
}

void vm_kick(void)
{
	if (vcpu_run)
		pthread_kill(vcpu_thread, SIGNAL_KICK);
}

/* A signal when there is input, to the thread that will be in vm_run: this one. */
static void notify(int fd)
{
	struct f_owner_ex owner = { .type = F_OWNER_TID, .pid = gettid() };

	fcntl(fd, F_SETSIG, SIGNAL_KICK);
	fcntl(fd, F_SETOWN_EX, &owner);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC | O_NONBLOCK);
}

int vm_debug(struct vm *vm, const char *where, const struct memory *mem)
{
	static struct debugger debugger;

	if (ioctl(vm->kvm, KVM_CHECK_EXTENSION, KVM_CAP_SET_GUEST_DEBUG) <= 0)
		return vm_error(DEVICE " cannot debug: load the kvm44x module of this vm44x");
	install_kick();
	if (debugger_open(&debugger, where, vm->vcpu, mem, notify) < 0)
		return -1;
	vm->debugger = &debugger;
	return 0;
}

/* By KVM's own KVM_INTERRUPT there is no critical one. */
static int update_inputs(struct vm *vm, const struct machine *machine)
{
	uint32_t lines = (machine_external(machine) ? KVM44X_LINE_EXTERNAL : 0) |
			 (machine_critical(machine) ? KVM44X_LINE_CRITICAL : 0);
	struct kvm_one_reg reg = { .id = KVM44X_REG_LINES, .addr = (uintptr_t)&lines };

	if (lines == vm->lines)
		return 0;
	if (ioctl(vm->vcpu, KVM_SET_ONE_REG, &reg) < 0)
		return failed("drive the virtual CPU's interrupt inputs");
	vm->lines = lines;
	return 0;
}

/* Where the guest stood, for a message that ends it. */
static uint32_t guest_pc(const struct vm *vm)
{
	struct kvm_regs regs;

	return ioctl(vm->vcpu, KVM_GET_REGS, &regs) < 0 ? 0 : regs.pc;
}

/* Returns 1: go on, 0: the guest has ended, -1: after a message. */
static int handle_exit(struct vm *vm, struct machine *m)
{
	struct kvm_run *run = vm->run;

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		mmio_access(&m->mmio, run->mmio.phys_addr, run->mmio.data, run->mmio.len,
			    run->mmio.is_write);
		return !m->ended;
	case KVM_EXIT_DCR:
		if (run->dcr.is_write)
			dcr_write(&m->dcr, run->dcr.dcrn, run->dcr.data);
		else
			run->dcr.data = dcr_read(&m->dcr, run->dcr.dcrn);
		return 1;
	case KVM_EXIT_INTR:
		return 1;
	case KVM_EXIT_DEBUG:
		return debugger_stopped(vm->debugger, &run->debug.arch);
	case KVM_EXIT_SYSTEM_EVENT:
		if (run->system_event.type == KVM_SYSTEM_EVENT_SHUTDOWN ||
		    run->system_event.type == KVM_SYSTEM_EVENT_RESET)
			return 0;
		return vm_error("the guest ended with system event %" PRIu32 " at pc 0x%08" PRIx32,
				(uint32_t)run->system_event.type, guest_pc(vm));
	case KVM_EXIT_WATCHDOG:
		vm_warn("the guest's watchdog has reset it, at pc 0x%08" PRIx32, guest_pc(vm));
		return 0;
	case KVM_EXIT_INTERNAL_ERROR:
		return vm_error("KVM cannot go on with the guest at pc 0x%08" PRIx32
				": internal error %" PRIu32,
				guest_pc(vm), (uint32_t)run->internal.suberror);
	case KVM_EXIT_FAIL_ENTRY:
		return vm_error(
			"KVM cannot enter the guest at pc 0x%08" PRIx32 ": reason 0x%" PRIx64,
			guest_pc(vm), (uint64_t)run->fail_entry.hardware_entry_failure_reason);
	default:
		return vm_error("KVM left the guest at pc 0x%08" PRIx32
				" for the unknown reason %" PRIu32
				": load the kvm44x module of this vm44x",
				guest_pc(vm), (uint32_t)run->exit_reason);
	}
}

/* The 64-bit time base: read the halves until the upper one stood still. */
static uint64_t time_base(void)
{
	uint32_t upper, lower, again;

	do {
		__asm__ volatile("mftbu %0; mftb %1; mftbu %2"
				 : "=r"(upper), "=r"(lower), "=r"(again));
	} while (upper != again);
	return (uint64_t)upper << 32 | lower;
}

static int run_error(struct vm *vm)
{
	const char *reason = strerror(errno);

	if (errno == EFAULT)
		reason = "the host cannot provide a page of the guest's memory";
	return vm_error("cannot run the guest at pc 0x%08" PRIx32 ": %s", guest_pc(vm), reason);
}

static int run_loop(struct vm *vm, struct machine *machine, struct hostio *io,
		    const atomic_bool *stop)
{
	int ret;

	for (;;) {
		/*
		 * First forget an old kick, then look at what it was about: a
		 * signal that arrives after the look makes KVM_RUN return.
		 */
		if (vm->run->immediate_exit) {
			vm->run->immediate_exit = 0;
			atomic_signal_fence(memory_order_seq_cst);
			machine_pump(machine);
		}
		if (atomic_load(stop))
			return 0;
		hostio_service(io);
		if (!vm_irqchip(vm) && update_inputs(vm, machine) < 0)
			return -1;
		/* what the last exit has left to be done is done before the guest stops */
		if (vm->debugger && debugger_wanted(vm->debugger))
			vm->run->immediate_exit = 1;
		/* glibc's ioctl() compares with all of a terminal's first */
		if (syscall(SYS_ioctl, vm->vcpu, KVM_RUN, 0) < 0) {
			if (errno != EINTR)
				return run_error(vm);
			if (vm->debugger && !debugger_interrupted(vm->debugger))
				return 0;
			continue;
		}
		ret = handle_exit(vm, machine);
		if (ret <= 0)
			return ret;
	}
}

int vm_run(struct vm *vm, struct machine *machine, struct hostio *io, const atomic_bool *stop)
{
	int ret;

	install_kick();
	vcpu_thread = pthread_self();
	vcpu_run = vm->run;
	/* Input that came before vm_kick could tell of it. */
	machine_pump(machine);
	if (vm->debugger)
		debugger_start(vm->debugger, io, stop);
	vm_verbose("time base at first entry: %" PRIu64, time_base());
	ret = run_loop(vm, machine, io, stop);
	vcpu_run = NULL;
	return ret;
}
