/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks for profile.c: instructions that do nothing, that no compiler emits, and that
 * every state of the CPU may execute. What lies between the two is a window.
 */
#ifndef BENCH_MARKER_H
#define BENCH_MARKER_H

#define MARK_BEGIN 0x6b9c0000 /* xori r28,r28,0 */
#define MARK_END   0x6bbd0000 /* xori r29,r29,0 */

#define mark_begin() asm volatile("xori 28, 28, 0" : : : "memory")
#define mark_end()   asm volatile("xori 29, 29, 0" : : : "memory")

#endif
