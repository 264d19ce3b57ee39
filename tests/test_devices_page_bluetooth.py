"""The Devices page with wearables in reach: bleak itself, a real GATT stack, no radio."""

from functools import partial
from pathlib import Path

import pytest
from muscles import muscle
from radio_emulation import start_emulation
from streamlit.testing.v1 import AppTest
from wearables import Uart, myoframe

from myowatch.acquisition.ble.advertisements import PROFILES
from myowatch.acquisition.simulator import Simulation
from myowatch.dashboard.devices import devices_text as words
from myowatch.dashboard.devices.sensor_search import Search
from myowatch.recordings.storage.data_folder import device_key

MAIN = Path(__file__).parent.parent / "dashboard/myowatch/dashboard/pages/main.py"
NORDIC_UART = next(profile for profile in PROFILES if profile.name == "nordic-uart")


def finished(app: AppTest) -> AppTest:
    """Wait for the search that runs, and draw what became of it."""
    if "search" in app.session_state:
        search: Search = app.session_state["search"]
        search.process.wait(60)
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in [*app.markdown, *app.caption, *app.info, *app.warning])


@pytest.mark.timeout(300)
def test_a_wearable_is_found_and_tested_and_bluetooth_off_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYOWATCH_HOME", str(tmp_path))
    counts = muscle(Simulation("calm", seed=3)).counts(4.8828125, bits=10)
    with start_emulation() as emulation:
        wearable = emulation.peripheral(
            "WEAR-01",
            partial(Uart, counts, myoframe),
            advertised=[NORDIC_UART.service],
            rssi=-58,
        )
        app = AppTest.from_file(MAIN, default_timeout=60).run()
        app.switch_page("devices.py").run()
        app.button(key="find").click().run()
        finished(app)
        source = f"ble:{wearable.address}"
        assert "**WEAR\\-01**" in texts(app)
        assert words.NEAR in texts(app)
        assert words.PROFILES["nordic-uart"] in texts(app)
        app.button(key=f"test {device_key(source)}").click().run()
        finished(app)
        assert words.ALL_GOOD in texts(app)
        assert "battery 87 %" in texts(app)
        emulation.adapter(powered=False)
        app.button(key="find").click().run()
        finished(app)
        assert "Bluetooth is switched off" in texts(app)
