/* What the data sheet (ST DS12140) says of the registers that our firmware uses: a FIFO of words of
 * a tag and three values, read at addresses that go round, the oldest overwritten when it is full.
 */
#include "avr_lsm6dso.h"

#include <simavr/avr_twi.h>
#include <stdbool.h>

#define I2C_ADDRESS 0x6Au
#define FIFO_CTRL4 0x0Au
#define WHO_AM_I 0x0Fu
#define FIFO_STATUS1 0x3Au
#define FIFO_STATUS2 0x3Bu
#define INTERNAL_FREQ_FINE 0x63u
#define TAG 0x78u
#define LAST_OF_WORD 0x7Eu
#define CONTINUOUS 6u
#define FIFO_WORDS 512u
#define FINE (-12) /* this one's oscillator is 1.8 % slow */

static avr_t *chip;
static avr_irq_t *bus;
static const int16_t *world;
static size_t length;

static uint8_t registers[128] = {[WHO_AM_I] = 0x6C, [INTERNAL_FREQ_FINE] = (uint8_t)FINE};
static avr_cycle_count_t began; /* when the FIFO was switched on */
static uint64_t taken;          /* words read or overwritten */
static bool overran;

static bool selected, addressed;
static uint8_t address;

static uint64_t waiting(void)
{
    double rate = 6667.0 * (1 + 0.0015 * FINE) / 8;
    double seconds = (double)(chip->cycle - began) / chip->frequency;
    uint64_t sampled = registers[FIFO_CTRL4] == CONTINUOUS ? (uint64_t)(seconds * rate) : 0;
    if (sampled - taken > FIFO_WORDS) {
        taken = sampled - FIFO_WORDS;
        overran = true;
    }
    return sampled - taken;
}

static uint8_t value(uint8_t at)
{
    uint64_t words = waiting();
    uint8_t latched = overran ? 1u << 3 : 0;
    if (at == FIFO_STATUS1)
        return (uint8_t)words;
    if (at == FIFO_STATUS2) {
        overran = false;
        return (uint8_t)(latched | words >> 8);
    }
    if (at == TAG)
        return 2u << 3;
    if (at > TAG && at <= LAST_OF_WORD) {
        uint8_t byte = (uint8_t)(at - TAG - 1u);
        int16_t count = world[taken % length * 3u + byte / 2u];
        if (at == LAST_OF_WORD)
            taken++;
        return (uint8_t)(byte % 2u ? (uint16_t)count >> 8 : (uint16_t)count);
    }
    return registers[at & 0x7Fu];
}

static void step(void)
{
    address = address == LAST_OF_WORD ? TAG : (uint8_t)(address + 1u);
}

static void receive(uint8_t byte)
{
    if (!addressed) {
        address = byte;
        addressed = true;
        return;
    }
    registers[address & 0x7Fu] = byte;
    if (address == FIFO_CTRL4) {
        began = chip->cycle;
        taken = 0;
    }
    step();
}

static void answer(uint8_t kind, uint8_t byte)
{
    avr_raise_irq(bus + TWI_IRQ_INPUT, avr_twi_irq_msg(kind, I2C_ADDRESS << 1, byte));
}

static void on_bus(avr_irq_t *irq, uint32_t word, void *param)
{
    avr_twi_msg_irq_t message = {.u.v = word};
    uint8_t what = message.u.twi.msg;
    (void)irq, (void)param;
    if (what & TWI_COND_START) {
        selected = message.u.twi.addr >> 1 == I2C_ADDRESS;
        addressed = selected && message.u.twi.addr & 1u;
        if (selected)
            answer(TWI_COND_ACK, 1);
    } else if (selected && what & TWI_COND_WRITE) {
        answer(TWI_COND_ACK, 1);
        receive(message.u.twi.data);
    } else if (selected && what & TWI_COND_READ) {
        answer(TWI_COND_READ, value(address));
        step();
    }
    if (what & TWI_COND_STOP)
        selected = false;
}

void lsm6dso_attach(avr_t *avr, const int16_t *counts, size_t samples)
{
    chip = avr;
    world = counts;
    length = samples;
    bus = avr_io_getirq(avr, AVR_IOCTL_TWI_GETIRQ(0), 0);
    avr_irq_register_notify(bus + TWI_IRQ_OUTPUT, on_bus, NULL);
}
