"""The same negotiation in NegMAS and here: outcome, and negotiations a second.

    python3 -m venv .venv && .venv/bin/pip install negmas==0.16.0
    .venv/bin/python tests/benches/negmas/compare.py

Six issues of five options, the first two agents of the domain random_3a_6x5, 100 rounds of stacked
alternating offers, Boulware against Conceder. Cold is with everything made anew: in NegMAS utility
functions, mechanism and negotiators, here the World, its schedules and the rankings. Prepared is with
the utility functions kept, here the session with 64 tables, and so the rankings. Files are read
before either is timed.
"""

import json
import pathlib
import platform
import subprocess
import sys
import time

import negmas
from negmas import SAOMechanism, make_issue
from negmas.preferences import LinearAdditiveUtilityFunction
from negmas.preferences.value_fun import TableFun
from negmas.sao import BoulwareTBNegotiator, ConcederTBNegotiator

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOMAIN = json.loads((ROOT / "tests/reference/bargaining/domain_random_3a_6x5.json").read_text())


def issues():
    return [make_issue(issue["options"], issue["name"]) for issue in DOMAIN["issues"]]


def utility(agent, over):
    named = list(zip(DOMAIN["issues"], agent["values"]))
    tables = {issue["name"]: TableFun(dict(zip(issue["options"], row))) for issue, row in named}
    weights = {i["name"]: w for i, w in zip(DOMAIN["issues"], agent["weights"])}
    return LinearAdditiveUtilityFunction(
        values=tables, weights=weights, issues=over, reserved_value=agent["reservation"]
    )


def negotiate(over, utilities):
    mechanism = SAOMechanism(issues=over, n_steps=100)
    for kind, ufun in zip((BoulwareTBNegotiator, ConcederTBNegotiator), utilities):
        mechanism.add(kind(), ufun=ufun)
    return mechanism.run()


def rate(once, seconds=10.0):
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        once()
        count += 1
    return count / (time.perf_counter() - begun)


def cold():
    over = issues()
    return negotiate(over, [utility(agent, over) for agent in DOMAIN["agents"][:2]])


def main():
    over = issues()
    kept = [utility(agent, over) for agent in DOMAIN["agents"][:2]]
    state = negotiate(over, kept)
    theirs = {"prepared": rate(lambda: negotiate(over, kept)), "cold": rate(cold)}
    command = ["cargo", "run", "--quiet", "--release", "-p", "demarche-tests", "--example"]
    told = subprocess.run([*command, "negotiate"], cwd=ROOT, check=True, capture_output=True)
    ours = json.loads(told.stdout)
    print(f"NegMAS {negmas.__version__}, Python {platform.python_version()}, {platform.machine()}")
    same = list(state.agreement) == ours["agreement"] and state.step == ours["steps"]
    print(f"agreement {'the same' if same else 'NOT the same'}: {list(state.agreement)} after "
          f"{state.step} rounds there, {ours['agreement']} after {ours['steps']} here")
    for kind in ("prepared", "cold"):
        here, there = ours[f"{kind}_per_second"], theirs[kind]
        print(f"{kind}: {here:.0f} a second here, {there:.1f} there, ratio {here / there:.0f}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
