"""What holds for all tests: how many examples Hypothesis tries, and that a busy machine is no finding.

``--hypothesis-profile=thorough`` looks further.
"""

from hypothesis import HealthCheck, settings

for _name, _examples in (("quick", 40), ("thorough", 500)):
    settings.register_profile(
        _name, max_examples=_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("quick")
