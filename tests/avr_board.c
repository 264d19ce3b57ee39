/* An Arduino that is not there: runs an ATmega328P firmware in simavr, with its serial line at a
 * pseudo-terminal and a waveform at its inputs.
 *
 *     avr_board FIRMWARE.elf [-w COUNTS -c CHANNELS] [-a] [-t SECONDS] [-p PPM] [-f]
 *
 * COUNTS is a file of int16 in the machine's order, CHANNELS of them each time, repeated for ever:
 * 10-bit converter counts, new ones each millisecond from the first conversion on and held in
 * between; with -a what an LSM6DSO on the I2C bus measures, x y z, at that chip's own rate.
 * -t ends after so much device time, -p makes the board's crystal fast by so many millionths, -f
 * runs flat out. SIGUSR1 is a power cut: the chip starts anew, the line stays. Says the terminal's
 * name in its first line, and what it did in its last, as JSON.
 *
 * In real time unread bytes are lost, as in a real adapter; flat out the chip waits instead.
 * The terminal is our own since libsimavrparts' uart_pty loses bytes of four channels.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <simavr/avr_adc.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>
#include <simavr/sim_interrupts.h>

#include "avr_lsm6dso.h"

#define CLOCK_HZ 16000000u
#define TURN_HZ 1000u /* the chip runs for a millisecond, then the line and the clock get theirs */
#define FLAT_OUT_TURNS 50u /* flat out, less often: the terminal would be most of the work */
#define MILLIVOLT 5000u
#define FULL_SCALE 1023u /* by which simavr divides; a real chip by 1024 */
#define TIMER1_COMPB 12  /* interrupt vectors of the ATmega328P */

typedef struct {
    int16_t *counts;
    size_t length;
    unsigned channels;
} waveform;

typedef struct {
    const char *firmware, *counts;
    double seconds, ppm;
    bool accelerometer, flat_out;
} options;

static avr_t *chip;
static avr_irq_t *converter;
static waveform world = {.channels = 1};
static avr_cycle_count_t first_conversion, idle;

static int terminal;
static uint8_t outgoing[65536];
static size_t waiting;
static unsigned long long sent, lost, conversions;
static bool may_receive = true;

static volatile sig_atomic_t asked_to_stop, power_cut;

static void on_signal(int number)
{
    if (number == SIGUSR1)
        power_cut = 1;
    else
        asked_to_stop = 1;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* The world at the inputs, at the moment a conversion begins. */
static void on_conversion(avr_irq_t *irq, uint32_t value, void *param)
{
    union {
        avr_adc_mux_t mux;
        uint32_t value;
    } input = {.value = value};
    uint64_t ms;
    uint32_t count = 512;
    (void)irq, (void)param;
    if (conversions++ == 0)
        first_conversion = chip->cycle;
    /* The margin: simavr's timer may fire some cycles late, when a long instruction ends. */
    ms = (chip->cycle - first_conversion + 160) / (CLOCK_HZ / 1000u);
    if (world.length > 0 && input.mux.src < world.channels)
        count = (uint32_t)world.counts[ms % world.length * world.channels + input.mux.src];
    /* Rounded up, so that simavr, which rounds down, comes back to this very count. */
    avr_raise_irq(converter + ADC_IRQ_ADC0 + input.mux.src,
                  (count * MILLIVOLT + FULL_SCALE - 1) / FULL_SCALE);
}

/* The wire from the timer to the converter, which simavr 1.6 has not got. */
static void on_compare_match(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    if (value)
        avr_raise_irq(converter + ADC_IRQ_IN_TRIGGER, 1);
}

static void on_byte(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)param;
    sent++;
    if (waiting < sizeof outgoing)
        outgoing[waiting++] = (uint8_t)value;
    else
        lost++;
}

static void on_may_receive(avr_irq_t *irq, uint32_t value, void *param)
{
    (void)irq, (void)value;
    may_receive = *(bool *)param;
}

static void skip_sleep(avr_t *avr, avr_cycle_count_t cycles)
{
    (void)avr; /* this program keeps the time itself */
    idle += cycles;
}

static void load_waveform(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;
    if (!file || fseek(file, 0, SEEK_END) || (size = ftell(file)) < 0)
        fail(path);
    rewind(file);
    world.counts = malloc((size_t)size);
    world.length = (size_t)size / sizeof *world.counts / world.channels;
    if (!world.counts || fread(world.counts, 1, (size_t)size, file) != (size_t)size)
        fail(path);
    fclose(file);
}

/* Errors only, and not to where our lines go: simavr 1.6 warns at every conversion a timer triggers. */
static void report(avr_t *avr, const int level, const char *format, va_list values)
{
    (void)avr;
    if (level <= LOG_ERROR)
        vfprintf(stderr, format, values);
}

static void build_chip(const char *path)
{
    static bool yes = true, no = false;
    elf_firmware_t firmware;
    uint32_t flags = 0;
    avr_irq_t *uart;
    memset(&firmware, 0, sizeof firmware);
    avr_global_logger_set(report);
    if (elf_read_firmware(path, &firmware))
        fail(path);
    chip = avr_make_mcu_by_name("atmega328p");
    avr_init(chip);
    avr_load_firmware(chip, &firmware);
    chip->frequency = CLOCK_HZ;
    chip->vcc = chip->avcc = chip->aref = MILLIVOLT;
    chip->sleep = skip_sleep;

    avr_ioctl(chip, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(chip, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    uart = avr_io_getirq(chip, AVR_IOCTL_UART_GETIRQ('0'), 0);
    avr_irq_register_notify(uart + UART_IRQ_OUTPUT, on_byte, NULL);
    avr_irq_register_notify(uart + UART_IRQ_OUT_XON, on_may_receive, &yes);
    avr_irq_register_notify(uart + UART_IRQ_OUT_XOFF, on_may_receive, &no);

    converter = avr_io_getirq(chip, AVR_IOCTL_ADC_GETIRQ, 0);
    avr_irq_register_notify(converter + ADC_IRQ_OUT_TRIGGER, on_conversion, NULL);
    avr_irq_register_notify(avr_get_interrupt_irq(chip, TIMER1_COMPB) + AVR_INT_IRQ_PENDING,
                            on_compare_match, NULL);
}

static void open_terminal(void)
{
    int device; /* stays open, or the terminal would hang up without a reader */
    char name[64];
    struct termios settings;
    if (openpty(&terminal, &device, name, NULL, NULL))
        fail("openpty");
    tcgetattr(device, &settings);
    cfmakeraw(&settings);
    tcsetattr(device, TCSANOW, &settings);
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    puts(name);
    fflush(stdout);
}

static void write_out(bool patient)
{
    size_t done = 0;
    while (done < waiting) {
        ssize_t n = write(terminal, outgoing + done, waiting - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n < 0 && errno == EAGAIN && patient && !asked_to_stop) {
            struct pollfd room = {.fd = terminal, .events = POLLOUT};
            poll(&room, 1, 100);
        } else {
            lost += waiting - done;
            break;
        }
    }
    waiting = 0;
}

static void read_in(void)
{
    static uint8_t incoming[256];
    static size_t length, next;
    avr_irq_t *uart = avr_io_getirq(chip, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    if (next == length) {
        ssize_t n = read(terminal, incoming, sizeof incoming);
        next = 0;
        length = n > 0 ? (size_t)n : 0;
    }
    while (may_receive && next < length)
        avr_raise_irq(uart, incoming[next++]);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void wait_until(double due)
{
    double left = due - now();
    if (left > 0) {
        struct timespec t = {.tv_sec = (time_t)left};
        t.tv_nsec = (long)(1e9 * (left - (double)t.tv_sec));
        nanosleep(&t, NULL);
    }
}

static bool parse(int argc, char **argv, options *chosen)
{
    int option;
    while ((option = getopt(argc, argv, "w:c:at:p:f")) != -1) {
        switch (option) {
        case 'w': chosen->counts = optarg; break;
        case 'c': world.channels = (unsigned)atoi(optarg); break;
        case 'a': chosen->accelerometer = true; break;
        case 't': chosen->seconds = atof(optarg); break;
        case 'p': chosen->ppm = atof(optarg); break;
        case 'f': chosen->flat_out = true; break;
        default: return false;
        }
    }
    chosen->firmware = argv[optind];
    return optind == argc - 1;
}

/* One turn of the chip; says whether it still runs. */
static bool run_until(avr_cycle_count_t cycle)
{
    int state = cpu_Running;
    while (chip->cycle < cycle && state != cpu_Done && state != cpu_Crashed)
        state = avr_run(chip);
    if (power_cut) {
        power_cut = 0;
        avr_reset(chip);
    }
    return state != cpu_Done && state != cpu_Crashed && !asked_to_stop;
}

static void run(const options *chosen)
{
    double begun = now(), hz = TURN_HZ * (1 + chosen->ppm * 1e-6), seconds;
    uint64_t turns = 0, last = (uint64_t)(chosen->seconds * TURN_HZ);
    while (run_until(++turns * (CLOCK_HZ / TURN_HZ)) && turns != last) {
        if (!chosen->flat_out || turns % FLAT_OUT_TURNS == 0) {
            write_out(chosen->flat_out);
            read_in();
        }
        if (!chosen->flat_out)
            wait_until(begun + (double)turns / hz);
    }
    seconds = now() - begun;
    printf("{\"device_s\": %.3f, \"wall_s\": %.3f, \"bytes\": %llu, \"lost_bytes\": %llu, "
           "\"conversions\": %llu, \"busy\": %.3f}\n",
           (double)turns / TURN_HZ, seconds, sent, lost, conversions,
           1 - (double)idle / (double)chip->cycle);
}

int main(int argc, char **argv)
{
    options chosen = {.seconds = 0};
    if (!parse(argc, argv, &chosen))
        return 2;
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    signal(SIGUSR1, on_signal);
    if (chosen.counts)
        load_waveform(chosen.counts);
    build_chip(chosen.firmware);
    if (chosen.accelerometer)
        lsm6dso_attach(chip, world.counts, world.length);
    open_terminal();
    run(&chosen);
    return 0;
}
