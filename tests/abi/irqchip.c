// SPDX-License-Identifier: GPL-2.0-only
/* The interrupt controllers in the kernel: calls, registers, interrupts, irqfds, state. */
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "abi.h"

/* DCRs, from a UIC's first on */
enum {
	SR,
	SRS,
	ER,
	CR,
	PR,
	TR,
	MSR,
	VR,
	VCR,
};

#define UIC0	  0xc0
#define UIC1	  0xd0
#define SOURCE(n) (0x80000000u >> (n))
#define RESAMPLE  KVM_IRQFD_FLAG_RESAMPLE

static int add_uic(struct vm *vm, uint64_t dcr, uint64_t external, uint64_t critical)
{
	struct kvm_enable_cap cap = {
		.cap = KVM44X_CAP_UIC,
		.args = { dcr, external, critical },
	};

	return ioctl(vm->vm, KVM_ENABLE_CAP, &cap);
}

/* With the UICs of a 440EP (2) or a 460EX (4) */
static void create_board(struct vm *vm, int uics)
{
	create_vm(vm, MB, 0);
	CHECK(ioctl(vm->vm, KVM_CREATE_IRQCHIP, 0) == 0);
	if (uics >= 2)
		CHECK(add_uic(vm, UIC1, 30, 31) == 0);
	if (uics == 4)
		CHECK(add_uic(vm, 0xe0, 10, 11) == 0 && add_uic(vm, 0xf0, 16, 17) == 0);
	create_vcpu(vm);
}

/* What the guest reads, and writes; without interrupts */
static uint32_t dcr(struct vm *vm, uint32_t number)
{
	CODE(vm, 0x100, MFDCR(3, number), STOP);
	CHECK(stopped(vm));
	return gpr(vm, 3);
}

static void set_dcr(struct vm *vm, uint32_t number, uint32_t value)
{
	CODE(vm, 0x100, LIS(3, value >> 16), ORI(3, 3, value), MTDCR(number, 3), STOP);
	CHECK(stopped(vm));
}

/* The status of KVM_IRQ_LINE_STATUS, or -1 */
static int line(struct vm *vm, uint32_t irq, int level)
{
	struct kvm_irq_level l = { .irq = irq, .level = level };

	return ioctl(vm->vm, KVM_IRQ_LINE_STATUS, &l) ? -1 : l.status;
}

static int irqfd(struct vm *vm, int fd, uint32_t irq, uint32_t flags, int resample)
{
	struct kvm_irqfd i = { .fd = fd, .gsi = irq, .flags = flags, .resamplefd = resample };

	return ioctl(vm->vm, KVM_IRQFD, &i);
}

static void signal_fd(int fd)
{
	uint64_t one = 1;

	CHECK(write(fd, &one, sizeof(one)) == sizeof(one));
}

/* Events within a second, which is for ever */
static unsigned int events(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n;

	return poll(&p, 1, 1000) == 1 && read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static int uic_state(struct vm *vm, unsigned int n, struct kvm44x_uic *state)
{
	struct kvm_irqchip chip = { .chip_id = n };
	int r = ioctl(vm->vm, KVM_GET_IRQCHIP, &chip);

	memcpy(state, &chip.chip, sizeof(*state));
	return r;
}

static int set_uic_state(struct vm *vm, unsigned int n, const struct kvm44x_uic *state)
{
	struct kvm_irqchip chip = { .chip_id = n };

	memcpy(&chip.chip, state, sizeof(*state));
	return ioctl(vm->vm, KVM_SET_IRQCHIP, &chip);
}

static uint32_t status(struct vm *vm, unsigned int n)
{
	struct kvm44x_uic state;

	CHECK(uic_state(vm, n, &state) == 0);
	return state.sr;
}

enum {
	NONE,
	EXTERNAL,
	CRITICAL,
};

/* Makes the guest go on at 0x100, with an end behind each vector */
static void set_vectors(struct vm *vm)
{
	CODE(vm, 0x200, LI(5, EXTERNAL), LI(3, 0), MTMSR(3), STOP);
	CODE(vm, 0x300, LI(5, CRITICAL), LI(3, 0), MTMSR(3), STOP);
	CODE(vm, 0x100, LI(3, 0x200), MTSPR(IVOR4, 3), LI(3, 0x300), MTSPR(IVOR0, 3), STOP);
	CHECK(stopped(vm));
}

/* The interrupt that the guest takes when it sets these bits of its MSR */
static int taken(struct vm *vm, uint32_t msr)
{
	set_vectors(vm);
	CODE(vm, 0x100, LI(5, NONE), LIS(3, msr >> 16), ORI(3, 3, msr), MTMSR(3), LI(3, 0),
	     MTMSR(3), STOP);
	CHECK(stopped(vm));
	return gpr(vm, 5);
}

/* The same of a guest that waits for it */
static void wait_in_guest(struct vm *vm, uint32_t msr)
{
	set_vectors(vm);
	msr |= MSR_WE;
	CODE(vm, 0x100, LI(5, NONE), LIS(3, msr >> 16), ORI(3, 3, msr), MTMSR(3), B(0));
}

static void calls(void)
{
	struct kvm44x_uic state;
	struct vm vm;

	create_vm(&vm, MB, 0);
	REFUSED(ENXIO, add_uic(&vm, UIC1, 30, 31));
	REFUSED(ENXIO, uic_state(&vm, 0, &state));
	REFUSED(ENXIO, set_uic_state(&vm, 0, &state));
	REFUSED(ENXIO, line(&vm, 0, 1));
	CHECK(ioctl(vm.vm, KVM_CREATE_IRQCHIP, 0) == 0);
	REFUSED(EEXIST, ioctl(vm.vm, KVM_CREATE_IRQCHIP, 0));
	REFUSED(EINVAL, line(&vm, 32, 1));
	REFUSED(EINVAL, uic_state(&vm, 1, &state));
	REFUSED(EINVAL, add_uic(&vm, UIC0, 30, 31));
	REFUSED(EINVAL, add_uic(&vm, UIC1 + 1, 30, 31));
	REFUSED(EINVAL, add_uic(&vm, 0x400, 30, 31));
	REFUSED(EINVAL, add_uic(&vm, UIC1 | 1ull << 32, 30, 31));
	REFUSED(EINVAL, add_uic(&vm, UIC1, 32, 31));
	REFUSED(EINVAL, add_uic(&vm, UIC1, 30, -1));
	REFUSED(EINVAL, add_uic(&vm, UIC1, 30, 30));
	CHECK(add_uic(&vm, UIC1, 30, 31) == 0);
	REFUSED(EINVAL, add_uic(&vm, 0xe0, 31, 1));
	CHECK(add_uic(&vm, 0xe0, 10, 11) == 0);
	CHECK(add_uic(&vm, 0xf0, 16, 17) == 0);
	REFUSED(EINVAL, add_uic(&vm, 0x100, 1, 2)); /* a fifth */

	/* an input that is asserted before there is anybody to interrupt */
	CHECK(line(&vm, 3, 1) == 1);
	create_vcpu(&vm);
	REFUSED(EINVAL, add_uic(&vm, 0x100, 1, 2));
	REFUSED(EEXIST, ioctl(vm.vm, KVM_CREATE_IRQCHIP, 0));
	set_dcr(&vm, UIC0 + ER, SOURCE(3));
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);

	REFUSED(EINVAL, line(&vm, 128, 1));
	REFUSED(EINVAL, line(&vm, ~0u, 1));
	REFUSED(EINVAL, line(&vm, 30, 1)); /* UIC1 drives it */
	REFUSED(EINVAL, line(&vm, 17, 1));
	REFUSED(EFAULT, ioctl(vm.vm, KVM_IRQ_LINE, NULL));
	REFUSED(EINVAL, uic_state(&vm, 4, &state));
	REFUSED(EINVAL, uic_state(&vm, ~0u, &state));
	REFUSED(EFAULT, ioctl(vm.vm, KVM_GET_IRQCHIP, NULL));
	REFUSED(EFAULT, ioctl(vm.vm, KVM_SET_IRQCHIP, NULL));
	CHECK(uic_state(&vm, 3, &state) == 0);
	REFUSED(EINVAL, set_uic_state(&vm, 4, &state));
	state.line = 1; /* but no input */
	REFUSED(EINVAL, set_uic_state(&vm, 3, &state));
	state.line = 0;
	state.reserved[6] = 1;
	REFUSED(EINVAL, set_uic_state(&vm, 3, &state));

	/* the vCPU's inputs are the UIC's now */
	REFUSED(ENXIO, interrupt(&vm, KVM_INTERRUPT_SET_LEVEL));
	REFUSED(ENXIO, interrupt(&vm, KVM_INTERRUPT_UNSET));
	destroy(&vm);
}

/* Which DCRs stay in the kernel */
static void dcrs(void)
{
	static const uint32_t plain[] = { ER, CR, PR, TR, VCR };
	unsigned int i, n;
	struct vm vm;

	for (n = 0; n <= 1; n++) {
		create_board(&vm, n + 1);
		for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
			set_dcr(&vm, UIC0 + 16 * n + plain[i], 0x12345678 + i);
			CHECK(dcr(&vm, UIC0 + 16 * n + plain[i]) == 0x12345678 + i);
		}
		for (i = 0; i < 1023; i++) {
			uint32_t reg = i & 15, uic = i - reg;
			int ours = reg < 9 && (uic == UIC0 || (uic == UIC1 && n));

			CODE(&vm, 0x100, MFDCR(3, i), STOP);
			CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR);
			CHECK(vm.run->dcr.dcrn == (ours ? END : i));
			CODE(&vm, 0x100, MTDCR(i, 3), STOP);
			CHECK(run(&vm) == 0 && vm.run->exit_reason == KVM_EXIT_DCR);
			CHECK(vm.run->dcr.dcrn == (ours ? END : i));
		}
		destroy(&vm);
	}
	/* and none where there is no UIC */
	create(&vm);
	CODE(&vm, 0x100, MFDCR(3, UIC0), STOP);
	CHECK(run(&vm) == 0 && vm.run->dcr.dcrn == UIC0);
	destroy(&vm);
}

static void levels(void)
{
	struct vm vm;

	create_board(&vm, 1);
	CHECK(line(&vm, 5, 1) == 1);
	CHECK(line(&vm, 5, 1) == 0); /* known already */
	CHECK(dcr(&vm, UIC0 + SR) == SOURCE(5) && dcr(&vm, UIC0 + MSR) == 0);
	CHECK(taken(&vm, MSR_EE | MSR_CE) == NONE);
	set_dcr(&vm, UIC0 + ER, SOURCE(5) | SOURCE(6));
	CHECK(dcr(&vm, UIC0 + MSR) == SOURCE(5));
	CHECK(taken(&vm, MSR_CE) == NONE);
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	set_dcr(&vm, UIC0 + SR, SOURCE(5)); /* while it is asserted */
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	CHECK(line(&vm, 5, 0) == 1);
	CHECK(taken(&vm, MSR_EE) == EXTERNAL); /* the status stays */
	set_dcr(&vm, UIC0 + SR, ~SOURCE(5));
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	set_dcr(&vm, UIC0 + SR, SOURCE(5));
	CHECK(taken(&vm, MSR_EE) == NONE);
	/* by the guest itself; polarity is kept, and no more */
	set_dcr(&vm, UIC0 + SRS, SOURCE(6));
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	set_dcr(&vm, UIC0 + SR, SOURCE(6));
	set_dcr(&vm, UIC0 + PR, SOURCE(6));
	CHECK(taken(&vm, MSR_EE) == NONE);
	CHECK(line(&vm, 6, 1) == 1);
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	destroy(&vm);
}

static void edges(void)
{
	struct vm vm;

	create_board(&vm, 1);
	set_dcr(&vm, UIC0 + TR, SOURCE(7));
	set_dcr(&vm, UIC0 + ER, SOURCE(7));
	CHECK(line(&vm, 7, 1) == 1);
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	set_dcr(&vm, UIC0 + SR, SOURCE(7));
	CHECK(taken(&vm, MSR_EE) == NONE);
	line(&vm, 7, 1); /* no edge */
	CHECK(taken(&vm, MSR_EE) == NONE);
	line(&vm, 7, 0);
	CHECK(taken(&vm, MSR_EE) == NONE);
	line(&vm, 7, 1);
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	destroy(&vm);
}

static void critical(void)
{
	struct vm vm;

	create_board(&vm, 4);
	set_dcr(&vm, UIC0 + ER, SOURCE(2) | SOURCE(20) | SOURCE(9));
	set_dcr(&vm, UIC0 + CR, SOURCE(2) | SOURCE(20));
	set_dcr(&vm, UIC0 + VCR, 0x40000000);
	CHECK(dcr(&vm, UIC0 + VR) == 0);
	line(&vm, 9, 1);
	line(&vm, 20, 1);
	CHECK(dcr(&vm, UIC0 + VR) == 0x40000000 + 20 * 512);
	line(&vm, 2, 1);
	CHECK(dcr(&vm, UIC0 + VR) == 0x40000000 + 2 * 512);
	set_dcr(&vm, UIC0 + VCR, 0x40000001); /* source 31 first */
	CHECK(dcr(&vm, UIC0 + VR) == 0x40000000 + 11 * 512);
	CHECK(taken(&vm, MSR_CE | MSR_EE) == CRITICAL); /* before the external one */
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	line(&vm, 2, 0);
	line(&vm, 20, 0);
	set_dcr(&vm, UIC0 + SR, ~0u);
	CHECK(taken(&vm, MSR_CE | MSR_EE) == EXTERNAL);

	/* by way of UIC3: its critical output, made external, and its external one */
	line(&vm, 9, 0);
	set_dcr(&vm, UIC0 + SR, ~0u);
	set_dcr(&vm, UIC0 + ER, SOURCE(16) | SOURCE(17));
	set_dcr(&vm, UIC0 + CR, SOURCE(16));
	set_dcr(&vm, 0xf0 + ER, SOURCE(0) | SOURCE(31));
	set_dcr(&vm, 0xf0 + CR, SOURCE(31));
	line(&vm, 3 * 32 + 31, 1);
	CHECK(dcr(&vm, UIC0 + SR) == SOURCE(17) && dcr(&vm, 0xf0 + MSR) == SOURCE(31));
	CHECK(taken(&vm, MSR_CE | MSR_EE) == EXTERNAL);
	line(&vm, 3 * 32, 1);
	CHECK(dcr(&vm, UIC0 + SR) == (SOURCE(16) | SOURCE(17)));
	CHECK(taken(&vm, MSR_CE | MSR_EE) == CRITICAL);
	set_dcr(&vm, 0xf0 + ER, 0);
	set_dcr(&vm, UIC0 + SR, ~0u);
	CHECK(taken(&vm, MSR_CE | MSR_EE) == NONE);
	destroy(&vm);
}

static int route(struct vm *vm, unsigned int count, const struct kvm_irq_routing_entry *entries)
{
	struct {
		struct kvm_irq_routing table;
		struct kvm_irq_routing_entry entries[3];
	} r = { .table.nr = count };

	memcpy(r.entries, entries, (count < 3 ? count : 3) * sizeof(*entries));
	return ioctl(vm->vm, KVM_SET_GSI_ROUTING, &r);
}

#define PIN(interrupt, uic, source)                                                 \
	{                                                                           \
		.gsi = (interrupt), .type = KVM_IRQ_ROUTING_IRQCHIP, .u.irqchip = { \
			.irqchip = uic,                                             \
			.pin = source                                               \
		}                                                                   \
	}

static void routing(void)
{
	static const struct kvm_irq_routing_entry good[] = {
		PIN(4095, 0, 1),
		PIN(4095, 1, 2), /* both at once */
		PIN(0, 1, 3),
	};
	static const struct kvm_irq_routing_entry bad[] = {
		PIN(4096, 0, 1),	  PIN(0, 4, 1),
		PIN(0, ~0u, 1),		  PIN(0, 0, 32),
		PIN(0, 0, ~0u),		  { .gsi = 0, .type = KVM_IRQ_ROUTING_MSI },
		{ .gsi = 0, .type = 99 }, { .gsi = 0, .type = KVM_IRQ_ROUTING_IRQCHIP, .flags = 1 },
	};
	unsigned int i;
	struct vm vm;

	create_board(&vm, 2);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		REFUSED(EINVAL, route(&vm, 1, &bad[i]));
	REFUSED(EINVAL, route(&vm, 4097, good));
	REFUSED(EFAULT, ioctl(vm.vm, KVM_SET_GSI_ROUTING, NULL));
	CHECK(line(&vm, 5, 1) == 1); /* all is as it was */
	CHECK(route(&vm, 3, good) == 0);
	REFUSED(EINVAL, line(&vm, 5, 0));
	CHECK(line(&vm, 4095, 1) == 2);
	CHECK(line(&vm, 0, 1) == 1);
	CHECK(status(&vm, 0) == (SOURCE(5) | SOURCE(1)));
	CHECK(status(&vm, 1) == (SOURCE(2) | SOURCE(3)));
	CHECK(route(&vm, 0, good) == 0);
	REFUSED(EINVAL, line(&vm, 0, 0));
	destroy(&vm);
}

/* A second thread that does something soon, while this one runs the guest */
struct later {
	struct vm *vm;
	int fd; /* to be signalled, or -1: a line is asserted */
	uint32_t irq;
	pthread_t thread;
};

static void *do_later(void *arg)
{
	struct later *l = arg;

	usleep(50000);
	if (l->fd >= 0)
		signal_fd(l->fd);
	else
		CHECK(line(l->vm, l->irq, 1) == 1);
	return NULL;
}

/* An idle guest, woken up */
static void wake(struct vm *vm, int fd, uint32_t irq, uint32_t msr, uint32_t expected)
{
	struct later l = { .vm = vm, .fd = fd, .irq = irq };

	wait_in_guest(vm, msr);
	CHECK(pthread_create(&l.thread, NULL, do_later, &l) == 0);
	alarm_in(5000);
	CHECK(stopped(vm) && gpr(vm, 5) == expected);
	alarm_in(0);
	CHECK(pthread_join(l.thread, NULL) == 0);
}

static void idle(void)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	struct vm vm;

	create_board(&vm, 2);
	set_dcr(&vm, UIC0 + ER, SOURCE(4) | SOURCE(30) | SOURCE(31));
	set_dcr(&vm, UIC0 + CR, SOURCE(31));
	set_dcr(&vm, UIC1 + ER, SOURCE(9));
	wake(&vm, -1, 4, MSR_EE, EXTERNAL);
	line(&vm, 4, 0);
	set_dcr(&vm, UIC0 + SR, SOURCE(4));
	CHECK(irqfd(&vm, fd, 32 + 9, 0, 0) == 0);
	wake(&vm, fd, 0, MSR_EE, EXTERNAL);
	CHECK(status(&vm, 1) == SOURCE(9));
	CHECK(events(fd) == 0); /* taken from it */

	/* and as a critical one; an external one does not wake what only waits for such */
	set_dcr(&vm, UIC1 + SR, SOURCE(9));
	set_dcr(&vm, UIC0 + SR, ~0u);
	set_dcr(&vm, UIC1 + CR, SOURCE(9));
	line(&vm, 4, 1);
	wake(&vm, fd, 0, MSR_CE, CRITICAL);
	/* nor does anything that is masked in the UIC */
	set_dcr(&vm, UIC0 + ER, 0);
	wait_in_guest(&vm, MSR_EE | MSR_CE);
	signal_fd(fd);
	alarm_in(100);
	REFUSED(EINTR, run(&vm));
	close(fd); /* which ends the irqfd */
	destroy(&vm);
}

static void irqfds(void)
{
	int a = eventfd(0, EFD_NONBLOCK), b = eventfd(0, EFD_NONBLOCK);
	struct vm vm;

	create_vm(&vm, MB, 0);
	REFUSED(EAGAIN, irqfd(&vm, a, 1, 0, 0));
	CHECK(ioctl(vm.vm, KVM_CREATE_IRQCHIP, 0) == 0);
	create_vcpu(&vm);
	REFUSED(EINVAL, irqfd(&vm, a, 1, 0x100, 0));
	REFUSED(EBADF, irqfd(&vm, -1, 1, 0, 0));
	REFUSED(EINVAL, irqfd(&vm, 0, 1, 0, 0)); /* no eventfd */
	REFUSED(EBADF, irqfd(&vm, a, 1, RESAMPLE, -1));
	REFUSED(EINVAL, irqfd(&vm, a, 1, RESAMPLE, 0));
	REFUSED(EBADF, irqfd(&vm, -1, 1, KVM_IRQFD_FLAG_DEASSIGN, 0));
	REFUSED(EFAULT, ioctl(vm.vm, KVM_IRQFD, NULL));
	CHECK(irqfd(&vm, a, 1, 0, 0) == 0);
	REFUSED(EBUSY, irqfd(&vm, a, 1, 0, 0));
	CHECK(irqfd(&vm, b, 1000, 0, 0) == 0); /* routed to nowhere, yet */
	signal_fd(b);
	CHECK(status(&vm, 0) == 0);

	/* a pulse: level sources keep it, too */
	signal_fd(a);
	CHECK(status(&vm, 0) == SOURCE(1));
	set_dcr(&vm, UIC0 + SR, SOURCE(1));
	CHECK(status(&vm, 0) == 0);
	CHECK(irqfd(&vm, a, 1, KVM_IRQFD_FLAG_DEASSIGN, 0) == 0);
	signal_fd(a);
	CHECK(status(&vm, 0) == 0);
	CHECK(events(a) == 1);
	/* what has come before is not lost */
	signal_fd(a);
	CHECK(irqfd(&vm, a, 2, 0, 0) == 0);
	alarm_in(5000);
	set_dcr(&vm, UIC0 + ER, SOURCE(2));
	wait_in_guest(&vm, MSR_EE);
	CHECK(stopped(&vm) && gpr(&vm, 5) == EXTERNAL);
	alarm_in(0);
	close(a);
	destroy(&vm);
	close(b);
}

/* The status that comes within a second: an irqfd with resample works by a kernel thread */
static int becomes(struct vm *vm, uint32_t sr)
{
	unsigned int ms;

	for (ms = 0; ms < 1000 && status(vm, 0) != sr; ms++)
		usleep(1000);
	return status(vm, 0) == sr;
}

static void resample(void)
{
	int a = eventfd(0, EFD_NONBLOCK), b = eventfd(0, EFD_NONBLOCK);
	int again_a = eventfd(0, EFD_NONBLOCK), again_b = eventfd(0, EFD_NONBLOCK);
	struct kvm44x_uic state;
	struct vm vm;

	create_board(&vm, 1);
	set_dcr(&vm, UIC0 + ER, SOURCE(8));
	/* two devices that share an interrupt */
	CHECK(irqfd(&vm, a, 8, RESAMPLE, again_a) == 0);
	CHECK(irqfd(&vm, b, 8, RESAMPLE, again_b) == 0);
	signal_fd(a);
	CHECK(becomes(&vm, SOURCE(8)));
	CHECK(uic_state(&vm, 0, &state) == 0);
	CHECK(state.input == SOURCE(8) && state.resample == SOURCE(8) && state.line == 0);
	CHECK(taken(&vm, MSR_EE) == EXTERNAL);
	CHECK(events(again_a) == 0); /* not before the guest acknowledges it */
	set_dcr(&vm, UIC0 + SR, SOURCE(9));
	CHECK(status(&vm, 0) == SOURCE(8));
	set_dcr(&vm, UIC0 + SR, SOURCE(8));
	CHECK(events(again_a) == 1 && events(again_b) == 1);
	CHECK(uic_state(&vm, 0, &state) == 0 && state.sr == 0 && state.input == 0);
	CHECK(taken(&vm, MSR_EE) == NONE);
	/* it had nothing to do with the irqfds */
	line(&vm, 8, 1);
	line(&vm, 8, 0);
	set_dcr(&vm, UIC0 + SR, SOURCE(8));
	CHECK(status(&vm, 0) == 0);
	/* a device that is not done yet; and another one that holds the input by itself */
	signal_fd(b);
	CHECK(becomes(&vm, SOURCE(8)));
	line(&vm, 8, 1);
	set_dcr(&vm, UIC0 + SR, SOURCE(8));
	CHECK(events(again_b) == 1);
	CHECK(status(&vm, 0) == SOURCE(8));
	line(&vm, 8, 0);
	signal_fd(b);
	/* the idle guest is woken by it */
	set_dcr(&vm, UIC0 + SR, SOURCE(8));
	wake(&vm, a, 0, MSR_EE, EXTERNAL);
	/* the last one takes its level with it */
	CHECK(irqfd(&vm, a, 8, KVM_IRQFD_FLAG_DEASSIGN, 0) == 0);
	CHECK(irqfd(&vm, b, 8, KVM_IRQFD_FLAG_DEASSIGN, 0) == 0);
	CHECK(uic_state(&vm, 0, &state) == 0 && state.input == 0 && state.resample == 0);
	destroy(&vm);
	close(a);
	close(b);
	close(again_a);
	close(again_b);
}

/* Interrupts asserted, latched, critical and in a UIC behind UIC0, in another VM */
static void save(void)
{
	struct kvm44x_uic state[2], copied;
	unsigned int n;
	struct vm a, b;

	create_board(&a, 2);
	create_board(&b, 2);
	set_dcr(&a, UIC0 + ER, SOURCE(30) | SOURCE(31) | SOURCE(1));
	set_dcr(&a, UIC0 + CR, SOURCE(31));
	set_dcr(&a, UIC0 + TR, SOURCE(30));
	set_dcr(&a, UIC0 + VCR, 0x1001);
	set_dcr(&a, UIC1 + ER, SOURCE(3) | SOURCE(4));
	set_dcr(&a, UIC1 + CR, SOURCE(4));
	set_dcr(&a, UIC1 + PR, 0xffff);
	line(&a, 32 + 3, 1);
	line(&a, 32 + 3, 0);
	line(&a, 32 + 4, 1);
	line(&a, 2, 1);
	for (n = 0; n < 2; n++)
		CHECK(uic_state(&a, n, &state[n]) == 0);
	CHECK(state[0].input == (SOURCE(30) | SOURCE(31) | SOURCE(2)) &&
	      state[0].line == SOURCE(2));
	CHECK(state[1].input == SOURCE(4) && state[1].sr == (SOURCE(3) | SOURCE(4)));
	for (n = 0; n < 2; n++)
		CHECK(set_uic_state(&b, !n, &state[!n]) == 0);
	for (n = 0; n < 2; n++)
		CHECK(uic_state(&b, n, &copied) == 0 &&
		      !memcmp(&copied, &state[n], sizeof(copied)));
	CHECK(taken(&b, MSR_EE) == EXTERNAL);
	CHECK(taken(&b, MSR_CE) == CRITICAL);
	/* the device lets go; the edge of UIC0's source has been and is gone */
	CHECK(line(&b, 32 + 4, 0) == 1);
	set_dcr(&b, UIC1 + SR, ~0u);
	set_dcr(&b, UIC0 + SR, ~0u);
	CHECK(taken(&b, MSR_EE | MSR_CE) == NONE);
	CHECK(status(&b, 0) == SOURCE(2));
	/* all of it goes back while a guest waits */
	wait_in_guest(&b, MSR_CE);
	CHECK(set_uic_state(&b, 0, &state[0]) == 0);
	CHECK(stopped(&b) && gpr(&b, 5) == CRITICAL);
	destroy(&a);
	destroy(&b);
}

#define STORM 3000

static void *storm(void *fd)
{
	unsigned int i;

	for (i = 0; i < STORM; i++)
		signal_fd(*(int *)fd);
	return NULL;
}

/*
 * Interrupts come as fast as they can while the guest takes, acknowledges and waits; in the end
 * nothing is left, and it still takes one. The handler counts in r5, and ends at source 7.
 */
static void storms(void)
{
	int fd = eventfd(0, 0);
	pthread_t thread;
	struct vm vm;

	create_board(&vm, 1);
	CHECK(irqfd(&vm, fd, 6, 0, 0) == 0);
	set_dcr(&vm, UIC0 + ER, SOURCE(6) | SOURCE(7));
	set_vectors(&vm);
	CODE(&vm, 0x200, ADDI(5, 5, 1), MFDCR(4, UIC0 + MSR), MTDCR(UIC0 + SR, 4),
	     RLWINM(4, 4, 8, 31, 31) /* source 7's bit */, CMPWI(4, 0), BNE(8), RFI, STOP);
	CODE(&vm, 0x100, LI(5, 0), LIS(3, MSR_WE >> 16), ORI(3, 3, MSR_EE), MTMSR(3), B(0));
	CHECK(pthread_create(&thread, NULL, storm, &fd) == 0);
	alarm_in(20);
	while (run(&vm) < 0 && errno == EINTR && gpr(&vm, 5) < 10)
		alarm_in(20);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK(gpr(&vm, 5) > 0);
	/* the last one */
	line(&vm, 7, 1);
	line(&vm, 7, 0);
	alarm_in(5000);
	CHECK(stopped(&vm));
	alarm_in(0);
	CHECK(status(&vm, 0) == 0);
	destroy(&vm);
	close(fd);
}

/* A reset of the vCPU is none of the UICs */
static void vcpu_reset(void)
{
	uint32_t all = ~0u;
	struct vm vm;

	create_board(&vm, 1);
	set_dcr(&vm, UIC0 + 2, 0x12345678); /* ER */
	CHECK(line(&vm, 9, 1) == 1);
	CHECK(set(&vm, KVM_REG_PPC_CLEAR_TSR, &all) == 0);
	CHECK(dcr(&vm, UIC0 + 2) == 0x12345678 && dcr(&vm, UIC0) == SOURCE(9));
	destroy(&vm);
}

void irqchip_checks(void)
{
	calls();
	dcrs();
	levels();
	edges();
	critical();
	routing();
	idle();
	irqfds();
	resample();
	save();
	vcpu_reset();
	storms();
}
