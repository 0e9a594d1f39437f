/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the output and the exit status of a command cross a serial line.
 *
 * The line carries frames and nothing else: a mark, a type, the length of the
 * payload (two bytes, the high one first), the payload. So any bytes may be in
 * the output, and a line that ends without a FRAME_EXIT is a command without a
 * result.
 */
#ifndef FRAME_H
#define FRAME_H

#define FRAME_MARK   0xd4
#define FRAME_HEADER 4
#define FRAME_MAX    4096

#define FRAME_STDOUT 'o'
#define FRAME_STDERR 'e'
/* payload: one byte, the exit status as a shell has it in $? */
#define FRAME_EXIT   'x'

#endif
