// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt controllers against a model that knows each source by itself. The input is steps
 * of 8 bytes: what is done, to which UIC, register or source, and a word. Each step is followed
 * by a look at all that a guest and the CPU see.
 */
#include "fixture.h"
#include "fuzz.h"
#include "uic.h"

#define DCR_BASE(n)  (0xc0 + 16 * (n))
#define FIRST_SOURCE 0x80000000u

enum register_number {
	UIC_SR,
	UIC_SRS,
	UIC_ER,
	UIC_CR,
	UIC_PR,
	UIC_TR,
	UIC_MSR,
	UIC_VR,
	UIC_VCR,
	REGISTERS
};

struct source {
	bool input, status, enabled, critical, high, edge;
};

struct model {
	struct source source[V44_UIC_SOURCES];
	u32 vcr;
	u32 dcr, external, critical; /* wires */
};

static struct v44_uics uics;
static struct model models[V44_UICS];
static u32 count;

/* --- the model --- */

/* Bit 0 of a register is source 0 */
static bool bit_of(u32 word, u32 source)
{
	return word & (FIRST_SOURCE >> source);
}

/* Status of a level-sensitive source: cannot be 0 while it is asserted */
static void level_sources(struct model *m)
{
	struct source *s;

	for (s = m->source; s < m->source + V44_UIC_SOURCES; s++)
		s->status |= s->input && !s->edge;
}

static void model_drive(struct source *s, bool asserted)
{
	s->status |= asserted && !s->input;
	s->input = asserted;
}

static bool active(const struct model *m, bool critical)
{
	const struct source *s;

	for (s = m->source; s < m->source + V44_UIC_SOURCES; s++) {
		if (s->status && s->enabled && s->critical == critical)
			return true;
	}
	return false;
}

static void model_changed(u32 n)
{
	struct model *m = &models[n];

	level_sources(m);
	if (!n)
		return;
	model_drive(&models[0].source[m->external], active(m, false));
	model_drive(&models[0].source[m->critical], active(m, true));
	level_sources(&models[0]);
}

static u32 vector(const struct model *m)
{
	const struct source *s;
	u32 i;

	for (i = 0; i < V44_UIC_SOURCES; i++) {
		s = &m->source[m->vcr & 1 ? 31 - i : i];
		if (s->status && s->enabled && s->critical)
			return (m->vcr & ~3u) + 512 * i;
	}
	return 0;
}

static u32 model_read(const struct model *m, u32 number)
{
	const struct source *s = m->source;
	u32 i, word = 0;

	if (number == UIC_VR)
		return vector(m);
	if (number == UIC_VCR)
		return m->vcr;
	for (i = 0; i < V44_UIC_SOURCES; i++, s++) {
		bool bit[] = {
			[UIC_SR] = s->status,
			[UIC_SRS] = s->status,
			[UIC_ER] = s->enabled,
			[UIC_CR] = s->critical,
			[UIC_PR] = s->high,
			[UIC_TR] = s->edge,
			[UIC_MSR] = s->status && s->enabled,
		};

		word |= bit[number] ? FIRST_SOURCE >> i : 0;
	}
	return word;
}

static void model_write(struct model *m, u32 number, u32 value)
{
	struct source *s = m->source;
	u32 i;

	if (number == UIC_VCR)
		m->vcr = value;
	for (i = 0; i < V44_UIC_SOURCES; i++, s++) {
		if (number == UIC_SR)
			s->status &= !bit_of(value, i);
		else if (number == UIC_SRS)
			s->status |= bit_of(value, i);
		else if (number == UIC_ER)
			s->enabled = bit_of(value, i);
		else if (number == UIC_CR)
			s->critical = bit_of(value, i);
		else if (number == UIC_PR)
			s->high = bit_of(value, i);
		else if (number == UIC_TR)
			s->edge = bit_of(value, i);
	}
}

/* Does UIC @n drive source @source of UIC0? */
static bool drives(u32 n, u32 source)
{
	return n && (models[n].external == source || models[n].critical == source);
}

static bool is_free(u32 source)
{
	u32 n;

	for (n = 0; n < count; n++) {
		if (drives(n, source))
			return false;
	}
	return true;
}

static bool model_can_add(u32 dcr, u32 external, u32 critical)
{
	u32 n;

	if (count == V44_UICS || dcr % 16 || dcr > 1023)
		return false;
	for (n = 0; n < count; n++) {
		if (models[n].dcr == dcr)
			return false;
	}
	return !count || (external < V44_UIC_SOURCES && critical < V44_UIC_SOURCES &&
			  external != critical && is_free(external) && is_free(critical));
}

/* --- steps --- */

static void add(u32 dcr, u32 external, u32 critical)
{
	const struct v44_uic_wires wires = { dcr, external, critical };
	bool possible = model_can_add(dcr, external, critical);

	assert_int_equal(v44_uic_add(&uics, &wires), possible);
	if (!possible)
		return;
	models[count] = (struct model){ .dcr = dcr, .external = external, .critical = critical };
	count++;
}

static void write_dcr(u32 dcr, u32 value)
{
	u32 n;

	for (n = 0; n < count; n++) {
		if (dcr >= models[n].dcr && dcr < models[n].dcr + REGISTERS)
			break;
	}
	assert_int_equal(v44_uic_write(&uics, dcr, value), n < count);
	if (n == count)
		return;
	model_write(&models[n], dcr - models[n].dcr, value);
	model_changed(n);
}

static void set_input(u32 irq, bool asserted)
{
	u32 n = irq / V44_UIC_SOURCES, source = irq % V44_UIC_SOURCES;
	bool possible = n < count && (n || is_free(source));

	assert_int_equal(v44_uic_has_input(&uics, irq), possible);
	if (!possible)
		return;
	v44_uic_set_input(&uics, irq, asserted);
	model_drive(&models[n].source[source], asserted);
	model_changed(n);
}

/* Any state, and what can be derived is anything, too */
static void restore(u32 n, u32 word)
{
	struct v44_uic uic;
	u32 i, number;

	if (n >= count)
		return;
	for (number = 0; number < REGISTERS; number++) {
		word = word * 1664525 + 1013904223;
		uic.reg[number] = word;
		if (number == UIC_SR) {
			model_write(&models[n], UIC_SR, ~0u);
			model_write(&models[n], UIC_SRS, word);
		} else if (number != UIC_SRS) {
			model_write(&models[n], number, word);
		}
	}
	uic.input = word << 3;
	for (i = 0; i < V44_UIC_SOURCES; i++)
		models[n].source[i].input = bit_of(uic.input, i);
	v44_uic_set(&uics, n, &uic);
	model_changed(n);
}

static void look(void)
{
	u32 n, number, value;

	assert_int_equal(uics.count, count);
	for (n = 0; n < count; n++) {
		for (number = 0; number < REGISTERS; number++) {
			assert_int_equal(v44_uic_find(&uics, models[n].dcr + number), n);
			assert_true(v44_uic_read(&uics, models[n].dcr + number, &value));
			assert_int_equal(value, model_read(&models[n], number));
		}
		assert_int_equal(v44_uic_find(&uics, models[n].dcr + REGISTERS), -1);
	}
	assert_int_equal(v44_uic_external(&uics), count && active(&models[0], false));
	assert_int_equal(v44_uic_critical(&uics), count && active(&models[0], true));
}

static void step(const uint8_t *in)
{
	u32 word = (u32)in[4] << 24 | in[5] << 16 | in[6] << 8 | in[7];

	switch (in[0] % 8) {
	case 0:
		add(in[1] & 1 ? DCR_BASE(in[1] / 2 % 8) : word, in[2] % 36, in[3] % 36);
		break;
	case 1:
	case 2:
		set_input(in[1] % 144, in[2] & 1);
		break;
	case 3:
		restore(in[1] % V44_UICS, word);
		break;
	case 4:
		write_dcr(word, word);
		break;
	default:
		write_dcr(DCR_BASE(in[1] % 8) + in[2] % 16, word);
		break;
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_abort_on_failure();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_limit_time();
	memset(&uics, 0, sizeof(uics));
	count = 0;
	write_dcr(DCR_BASE(0), ~0u); /* nobody's yet */
	for (; size >= 8; data += 8, size -= 8) {
		step(data);
		look();
	}
	return 0;
}
