import pytest

from clinic.explore.predictions import Prediction
from tests.unit.clinic.web.invented import invented


@pytest.fixture
def prediction() -> Prediction:
    return invented()
