/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: events/kvm44x/ */
/* clang-format off */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm44x

#if !defined(KVM44X_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define KVM44X_TRACE_H

#include <linux/tracepoint.h>

#define k44x_trace_ivors                                                                           \
	{ 0, "critical" }, { 1, "machine-check" }, { 2, "dsi" }, { 3, "isi" }, { 4, "external" },  \
	{ 5, "alignment" }, { 6, "program" }, { 7, "fp-unavailable" }, { 8, "syscall" },           \
	{ 9, "ap-unavailable" }, { 10, "decrementer" }, { 11, "fit" }, { 12, "watchdog" },         \
	{ 13, "dtlb" }, { 14, "itlb" }, { 15, "debug" }

TRACE_EVENT(kvm44x_entry,
	TP_PROTO(u32 pc, u32 msr, u32 pid, u32 sid),
	TP_ARGS(pc, msr, pid, sid),
	TP_STRUCT__entry(
		__field(u32, pc)
		__field(u32, msr)
		__field(u32, pid)
		__field(u32, sid)
	),
	TP_fast_assign(
		__entry->pc = pc;
		__entry->msr = msr;
		__entry->pid = pid;
		__entry->sid = sid;
	),
	TP_printk("pc=%08x msr=%08x pid=%u sid=%u",
		  __entry->pc, __entry->msr, __entry->pid, __entry->sid)
);

TRACE_EVENT(kvm44x_exit,
	TP_PROTO(u32 vector, u32 pc, u32 esr, u32 dear),
	TP_ARGS(vector, pc, esr, dear),
	TP_STRUCT__entry(
		__field(u32, vector)
		__field(u32, pc)
		__field(u32, esr)
		__field(u32, dear)
	),
	TP_fast_assign(
		__entry->vector = vector;
		__entry->pc = pc;
		__entry->esr = esr;
		__entry->dear = dear;
	),
	TP_printk("%s pc=%08x esr=%08x dear=%08x",
		  __print_symbolic(__entry->vector, k44x_trace_ivors),
		  __entry->pc, __entry->esr, __entry->dear)
);

TRACE_EVENT(kvm44x_tlb_write,
	TP_PROTO(u32 slot, u32 word0, u32 word1, u32 word2, u32 sid),
	TP_ARGS(slot, word0, word1, word2, sid),
	TP_STRUCT__entry(
		__field(u32, slot)
		__field(u32, word0)
		__field(u32, word1)
		__field(u32, word2)
		__field(u32, sid)
	),
	TP_fast_assign(
		__entry->slot = slot;
		__entry->word0 = word0;
		__entry->word1 = word1;
		__entry->word2 = word2;
		__entry->sid = sid;
	),
	TP_printk("slot=%u %08x %08x %08x sid=%u", __entry->slot, __entry->word0,
		  __entry->word1, __entry->word2, __entry->sid)
);

TRACE_EVENT(kvm44x_interrupt,
	TP_PROTO(u32 ivor, u32 pc, u32 msr, u32 esr, u32 dear),
	TP_ARGS(ivor, pc, msr, esr, dear),
	TP_STRUCT__entry(
		__field(u32, ivor)
		__field(u32, pc)
		__field(u32, msr)
		__field(u32, esr)
		__field(u32, dear)
	),
	TP_fast_assign(
		__entry->ivor = ivor;
		__entry->pc = pc;
		__entry->msr = msr;
		__entry->esr = esr;
		__entry->dear = dear;
	),
	TP_printk("%s vector=%08x msr=%08x esr=%08x dear=%08x",
		  __print_symbolic(__entry->ivor, k44x_trace_ivors),
		  __entry->pc, __entry->msr, __entry->esr, __entry->dear)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

#include <trace/define_trace.h>
