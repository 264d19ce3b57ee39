// Up to four amplified EMG signals at an nRF52, sent as myoframe through Nordic's UART service.
// For Adafruit's nRF52 core 1. Copy ../notifier.*, ../battery.* and ../../encoder/myoframe.* into
// this folder first. Clauses: ../../bluetooth.md.
#include <bluefruit.h>

#include "battery.h"
#include "notifier.h"

const char NAME[] = "MYO-01"; // at most 8 letters (B4.1)
const uint16_t DEVICE_ID = 0;
const uint8_t INPUTS[] = {2, 3, 4, 5}; // as SAADC numbers them: 1 is AIN0
const uint8_t CHANNELS = 1;
const uint32_t GAIN = 0;      // of the amplifier, 3 or more; 0 if it is not known
const uint8_t BATTERY = 6;    // AIN5, behind two equal resistors, on a Feather nRF52840
const bool PAIRED_ONLY = true; // B5.2; false for a first try

const uint32_t RATE_HZ = 1000;
const uint32_t SAMPLE_US = 1000000 / RATE_HZ;
const uint32_t MINUTE_US = 60000000;
const uint16_t HALF_OF_3V3 = 1877; // of 3.6 V in 4096 counts

// A count of 12 bits is 3.6 V / 4096 at the pin, and that divided by the gain at the electrodes.
const myoframe_sensor EMG = {
  0, CHANNELS, MYOFRAME_INT16, GAIN ? MYOFRAME_EMG_VOLT : MYOFRAME_EMG_COUNTS, 0,
  RATE_HZ * 1000, GAIN ? uint32_t(8789062500ULL / (GAIN ? GAIN : 1)) : 1, int8_t(GAIN ? -13 : 0),
  HALF_OF_3V3, DEVICE_ID};

notifier board;
BLEService uart(BLEUART_UUID_SERVICE);
BLECharacteristic commands(BLEUART_UUID_CHR_RXD);
BLECharacteristic samples(BLEUART_UUID_CHR_TXD);
BLEBas battery;

// --- sampling: a timer starts the converter, which fills one of two buffers, without the processor

const uint8_t AT_ONCE = 5; // samples: 5 ms
const uint8_t CONVERTED = CHANNELS + 1;
typedef int16_t Buffer[AT_ONCE][CONVERTED];
Buffer buffers[2];
volatile int16_t batteryCount = 0;

void giveSamples(const Buffer &full) {
  static uint32_t clockUs = 0;
  int32_t values[CHANNELS];
  for (uint8_t i = 0; i < AT_ONCE; i++) {
    for (uint8_t c = 0; c < CHANNELS; c++) values[c] = full[i][c];
    notifier_sample(&board, values, clockUs);
    clockUs += SAMPLE_US;
  }
  batteryCount = full[0][CHANNELS];
}

extern "C" void SAADC_IRQHandler(void) {
  static uint8_t filling = 0; // the buffer of the next END event
  if (NRF_SAADC->EVENTS_END) {
    NRF_SAADC->EVENTS_END = 0;
    giveSamples(buffers[filling]);
    filling ^= 1;
  }
  if (NRF_SAADC->EVENTS_STARTED) { // now the other may be named, for the next start
    NRF_SAADC->EVENTS_STARTED = 0;
    NRF_SAADC->RESULT.PTR = uint32_t(buffers[filling ^ 1]);
  }
}

void setUpConverter() {
  for (uint8_t c = 0; c < CONVERTED; c++) {
    NRF_SAADC->CH[c].PSELP = c < CHANNELS ? INPUTS[c] : BATTERY;
    NRF_SAADC->CH[c].CONFIG = SAADC_CH_CONFIG_GAIN_Gain1_6 << SAADC_CH_CONFIG_GAIN_Pos |
                              SAADC_CH_CONFIG_TACQ_10us << SAADC_CH_CONFIG_TACQ_Pos;
  }
  NRF_SAADC->RESOLUTION = SAADC_RESOLUTION_VAL_12bit;
  NRF_SAADC->RESULT.PTR = uint32_t(buffers[0]);
  NRF_SAADC->RESULT.MAXCNT = AT_ONCE * CONVERTED;
  NRF_SAADC->INTENSET = SAADC_INTENSET_STARTED_Msk | SAADC_INTENSET_END_Msk;
  NRF_SAADC->ENABLE = 1;
  NVIC_SetPriority(SAADC_IRQn, 6);
  NVIC_EnableIRQ(SAADC_IRQn);
  NRF_SAADC->TASKS_START = 1;
}

void startSampling() {
  setUpConverter();
  NRF_TIMER3->BITMODE = TIMER_BITMODE_BITMODE_32Bit;
  NRF_TIMER3->PRESCALER = 4; // 1 MHz
  NRF_TIMER3->CC[0] = SAMPLE_US;
  NRF_TIMER3->SHORTS = TIMER_SHORTS_COMPARE0_CLEAR_Msk;
  // Wired while the SoftDevice is not yet on, which allows it no more.
  NRF_PPI->CH[0].EEP = uint32_t(&NRF_TIMER3->EVENTS_COMPARE[0]);
  NRF_PPI->CH[0].TEP = uint32_t(&NRF_SAADC->TASKS_SAMPLE);
  NRF_PPI->CH[1].EEP = uint32_t(&NRF_SAADC->EVENTS_END);
  NRF_PPI->CH[1].TEP = uint32_t(&NRF_SAADC->TASKS_START);
  NRF_PPI->CHENSET = 3;
  NRF_TIMER3->TASKS_START = 1;
}

// --- what the radio tells

void whenConnected(uint16_t link) {
  BLEConnection *connection = Bluefruit.Connection(link);
  connection->requestPHY(BLE_GAP_PHY_2MBPS);
  connection->requestConnectionParameter(24, 0, 400); // B1.4: 30 ms; 4 s
  if (PAIRED_ONLY) connection->requestPairing();
}

void whenDisconnected(uint16_t, uint8_t) { notifier_subscribed(&board, false); }

void whenSubscribed(uint16_t link, BLECharacteristic *, uint16_t to) {
  notifier_mtu(&board, Bluefruit.Connection(link)->getMtu());
  notifier_subscribed(&board, to & 1);
}

void whenWritten(uint16_t, BLECharacteristic *, uint8_t *bytes, uint16_t length) {
  notifier_command(&board, bytes, length);
}

// --- the radio

bool send(void *, const uint8_t *bytes, uint16_t length) { return samples.notify(bytes, length); }

void offerServices() {
  const SecureMode_t allowed = PAIRED_ONLY ? SECMODE_ENC_NO_MITM : SECMODE_OPEN;
  const uint16_t most = Bluefruit.getMaxMtu(BLE_GAP_ROLE_PERIPH) - 3;
  uart.begin();
  samples.setProperties(CHR_PROPS_NOTIFY);
  samples.setPermission(allowed, SECMODE_NO_ACCESS); // that to read is also that to subscribe
  samples.setMaxLen(most);
  samples.setCccdWriteCallback(whenSubscribed);
  samples.begin();
  commands.setProperties(CHR_PROPS_WRITE | CHR_PROPS_WRITE_WO_RESP);
  commands.setPermission(SECMODE_NO_ACCESS, allowed);
  commands.setMaxLen(most);
  commands.setWriteCallback(whenWritten);
  commands.begin();
  battery.begin();
}

void advertise() {
  Bluefruit.Advertising.addFlags(BLE_GAP_ADV_FLAGS_LE_ONLY_GENERAL_DISC_MODE);
  Bluefruit.Advertising.addName();
  Bluefruit.Advertising.addService(uart);
  Bluefruit.Advertising.setInterval(244, 244); // B4.2: 152.5 ms, in units of 0.625 ms
  Bluefruit.Advertising.restartOnDisconnect(true);
  Bluefruit.Advertising.start(0);
}

void tellBattery() {
  static uint32_t toldUs = uint32_t(0) - MINUTE_US;
  if (micros() - toldUs < MINUTE_US) return;
  toldUs = micros();
  battery.notify(battery_percent(uint16_t(2u * 3600u * uint16_t(batteryCount) / 4096u)));
}

void setup() {
  notifier_begin(&board, &EMG, {send, nullptr});
  startSampling();
  Bluefruit.configPrphBandwidth(BANDWIDTH_MAX); // an MTU of 247
  Bluefruit.begin();
  sd_clock_hfclk_request(); // the crystal, always: else the timer follows an RC oscillator
  Bluefruit.setName(NAME);
  Bluefruit.Periph.setConnectCallback(whenConnected);
  Bluefruit.Periph.setDisconnectCallback(whenDisconnected);
  offerServices();
  advertise();
}

void loop() {
  notifier_poll(&board, micros());
  tellBattery();
  delay(2);
}
