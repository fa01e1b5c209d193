"""The QR code by figures of the standard: error correction, format, and the text read back from the modules."""

import numpy as np
import pytest

from dashboard.classroom import qr

# ISO/IEC 18004, Annex I: 01234567 in version 1-M
DATA = [0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, *[0xEC, 0x11] * 5]
CORRECTION = [0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55]


def test_error_correction_is_the_standards():
    assert qr._remainder(DATA, 10) == CORRECTION


def test_format_of_level_l_and_mask_0_is_the_standards():
    dark = qr.modules("x", 0)
    assert "".join(str(int(bit)) for bit in dark[8, [0, 1, 2, 3, 4, 5, 7, 8]]) == "11101111"
    assert "".join(str(int(bit)) for bit in dark[8, -8:]) == "11000100"


@pytest.mark.parametrize("mask", range(8))
@pytest.mark.parametrize("text", ["x", "http://192.168.1.7:8501/c/ABCD2345", "y" * 106])
def test_the_text_is_read_back(text, mask):
    dark = qr.modules(text, mask)
    version = (len(dark) - 17) // 4
    fixed = np.zeros_like(dark)
    qr._patterns(np.zeros_like(dark), fixed, version)
    bits = [int(dark[at]) ^ int(qr.MASKS[mask](*at) == 0) for at in qr._way(fixed)]
    number = int("".join(map(str, bits[4:12])), 2)
    words = [int("".join(map(str, bits[k : k + 8])), 2) for k in range(12, 12 + 8 * number, 8)]
    assert bytes(words).decode() == text


def test_a_text_that_is_too_long_has_no_code():
    assert qr.modules("y" * 107) is None
