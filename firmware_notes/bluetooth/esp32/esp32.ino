// Up to four amplified EMG signals at an ESP32, sent as myoframe through Nordic's UART service.
// For the ESP32 core 3 and the library NimBLE-Arduino 2. Copy ../notifier.*, ../battery.* and
// ../../encoder/myoframe.* into this folder first. Clauses: ../../bluetooth.md.
#include <NimBLEDevice.h>

#include "battery.h"
#include "notifier.h"

const char NAME[] = "MYO-01"; // at most 8 letters (B4.1)
const uint16_t DEVICE_ID = 0;
const uint8_t PINS[] = {36, 39, 34, 35}; // of converter 1: the radio uses converter 2
const uint8_t CHANNELS = 1;
const uint32_t GAIN = 0;      // of the amplifier, 2 or more; 0 if it is not known
const int8_t BATTERY_PIN = -1; // behind two equal resistors; -1 if it is not wired
const bool PAIRED_ONLY = true; // B5.2; false for a first try

const uint32_t RATE_HZ = 1000;
const uint32_t MINUTE_US = 60000000;
const uint16_t CONVERTER_MIDDLE = 2048;

// A count of 12 bits is 3.3 V / 4096 at the pin, and that divided by the gain at the electrodes.
const myoframe_sensor EMG = {
  0, CHANNELS, MYOFRAME_PACKED12, GAIN ? MYOFRAME_EMG_VOLT : MYOFRAME_EMG_COUNTS, 0,
  RATE_HZ * 1000, GAIN ? uint32_t(8056640625ULL / (GAIN ? GAIN : 1)) : 1, int8_t(GAIN ? -13 : 0),
  CONVERTER_MIDDLE, DEVICE_ID};

notifier board;
NimBLECharacteristic *samples, *level;
TaskHandle_t sampler;
bool wanted = false; // somebody has subscribed

// --- sampling: a timer wakes a task that has nothing else to do

void ARDUINO_ISR_ATTR tick() {
  BaseType_t woken = pdFALSE;
  vTaskNotifyGiveFromISR(sampler, &woken);
  portYIELD_FROM_ISR(woken);
}

void takeSamples(void *) {
  int32_t values[CHANNELS];
  for (;;) {
    const uint32_t due = ulTaskNotifyTake(pdTRUE, portMAX_DELAY);
    notifier_missed(&board, due - 1);
    const uint32_t now = micros();
    for (uint8_t c = 0; c < CHANNELS; c++) values[c] = analogRead(PINS[c]);
    notifier_sample(&board, values, now);
  }
}

void startSampling() {
  analogReadResolution(12);
  xTaskCreatePinnedToCore(takeSamples, "samples", 4096, nullptr, configMAX_PRIORITIES - 2,
                          &sampler, ARDUINO_RUNNING_CORE);
  hw_timer_t *timer = timerBegin(1000000);
  timerAttachInterrupt(timer, tick);
  timerAlarm(timer, 1000000 / RATE_HZ, true, 0);
}

// --- what the radio tells

void heed(NimBLEConnInfo &peer) {
  notifier_subscribed(&board, wanted && (!PAIRED_ONLY || peer.isEncrypted()));
}

class Link : public NimBLEServerCallbacks {
  void onConnect(NimBLEServer *server, NimBLEConnInfo &peer) override {
    server->updateConnParams(peer.getConnHandle(), 12, 24, 0, 400); // B1.4: 15 to 30 ms; 4 s
    if (PAIRED_ONLY) NimBLEDevice::startSecurity(peer.getConnHandle());
  }
  void onMTUChange(uint16_t mtu, NimBLEConnInfo &) override { notifier_mtu(&board, mtu); }
  void onAuthenticationComplete(NimBLEConnInfo &peer) override { heed(peer); }
  void onDisconnect(NimBLEServer *, NimBLEConnInfo &, int) override {
    wanted = false;
    notifier_subscribed(&board, false);
    NimBLEDevice::startAdvertising();
  }
} whenLinked;

class Subscription : public NimBLECharacteristicCallbacks {
  void onSubscribe(NimBLECharacteristic *, NimBLEConnInfo &peer, uint16_t to) override {
    wanted = to & 1;
    heed(peer);
  }
} whenSubscribed;

class Command : public NimBLECharacteristicCallbacks {
  void onWrite(NimBLECharacteristic *written, NimBLEConnInfo &peer) override {
    if (PAIRED_ONLY && !peer.isEncrypted()) return;
    const NimBLEAttValue bytes = written->getValue();
    notifier_command(&board, bytes.data(), bytes.length());
  }
} whenWritten;

// --- the radio

bool send(void *, const uint8_t *bytes, uint16_t length) { return samples->notify(bytes, length); }

void offerServices(NimBLEServer *server) {
  NimBLEService *uart = server->createService("6e400001-b5a3-f393-e0a9-e50e24dcca9e");
  NimBLECharacteristic *commands = uart->createCharacteristic(
    "6e400002-b5a3-f393-e0a9-e50e24dcca9e",
    NIMBLE_PROPERTY::WRITE | NIMBLE_PROPERTY::WRITE_NR |
      (PAIRED_ONLY ? uint32_t(NIMBLE_PROPERTY::WRITE_ENC) : 0));
  samples = uart->createCharacteristic(
    "6e400003-b5a3-f393-e0a9-e50e24dcca9e", NIMBLE_PROPERTY::NOTIFY);
  commands->setCallbacks(&whenWritten);
  samples->setCallbacks(&whenSubscribed);
  NimBLEService *battery = server->createService("180f");
  level = battery->createCharacteristic("2a19", NIMBLE_PROPERTY::READ | NIMBLE_PROPERTY::NOTIFY);
  uart->start();
  battery->start();
}

void advertise() {
  NimBLEAdvertising *advertising = NimBLEDevice::getAdvertising();
  advertising->setName(NAME);
  advertising->addServiceUUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e");
  advertising->setMinInterval(244); // B4.2: 152.5 ms, in units of 0.625 ms
  advertising->setMaxInterval(244);
  NimBLEDevice::startAdvertising();
}

void tellBattery() {
  static uint32_t toldUs = uint32_t(0) - MINUTE_US;
  if (BATTERY_PIN < 0 || micros() - toldUs < MINUTE_US) return;
  toldUs = micros();
  const uint8_t percent = battery_percent(uint16_t(2 * analogReadMilliVolts(BATTERY_PIN)));
  level->setValue(&percent, 1);
  level->notify();
}

void setup() {
  notifier_begin(&board, &EMG, {send, nullptr});
  NimBLEDevice::init(NAME);
  NimBLEDevice::setMTU(247);
  NimBLEDevice::setSecurityAuth(true, false, true); // bonding, no display, Secure Connections
  NimBLEServer *server = NimBLEDevice::createServer();
  server->setCallbacks(&whenLinked, false);
  offerServices(server);
  startSampling();
  advertise();
}

void loop() {
  notifier_poll(&board, micros());
  tellBattery();
  delay(2);
}
