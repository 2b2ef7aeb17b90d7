"""Command line, rounds and report of the crash test. Tests/hosts/run describes it."""

import argparse, collections, os, random, re, shutil, statistics, sys, tempfile, time

import checks, faults, sabotage
from crash_test import CrashTest


def arguments():
    parser = argparse.ArgumentParser(prog="Tests/hosts/run", description="Crash test of several daemons on one server.")
    parser.add_argument("binary", type=os.path.realpath)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--daemons", type=int, default=2, choices=range(2, 10))
    parser.add_argument("--only", type=lambda names: [faults.BY_NAME[name] for name in names.split(",")],
                        default=faults.ALL, metavar="FAULT,...", help=f"of {', '.join(faults.BY_NAME)}")
    parser.add_argument("--url-options", default="", help="libpq's, such as connect_timeout=3&tcp_user_timeout=9000")
    parser.add_argument("--pooler", action="store_true", help="PgBouncer, which gives each transaction any session")
    parser.add_argument("--everyone-leads", action="store_true")
    parser.add_argument("--sabotage", choices=sabotage.NAMES)
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    return parser.parse_args()


def rounds(count, seed, choices):
    """The faults of the rounds, each with a seed. Each fault occurs before one is repeated."""
    generator = random.Random(seed)
    pack = []
    for _ in range(count):
        if not pack:
            pack = generator.sample(choices, len(choices))
        yield pack.pop(), generator.getrandbits(32)


def seconds(values):
    values = sorted(values)
    return f"median {statistics.median(values):.1f} s, worst {values[-1]:.1f} s of {len(values)}" if values else "none"


def report(test, evidence, count, elapsed):
    outcomes = collections.Counter(entry.outcome for entry in evidence.entries)
    states = collections.Counter(job[3] for job in evidence.jobs)
    lines = [line for host in test.hosts for line in host.lines]
    late_results = sum(int(found[1]) for line in lines
                       if (found := re.search(r"event=settled_before.*late_results=\"?(\d+)", line.text)))
    settled_before = sum(line.event == "settled_before" for line in lines)
    print(f"rounds {count} in {elapsed:.0f} s; runs of daemons {sum(host.run for host in test.hosts)}; "
          f"epochs {max(test.observer.samples.epochs, default=0)}; "
          f"lines lead_lost {sum(line.event == 'lead_lost' for line in lines)}")
    print(f"jobs {len(evidence.jobs)}: {dict(states)}; in doubt {len(evidence.in_doubt)}; "
          f"changed {sum(producer.changed for producer in test.producers)}")
    print(f"calls {len(evidence.entries)}: {dict(outcomes)}; charged by the provider {len(evidence.calls)}; "
          f"open at once at most {test.observer.samples.calls_open_max}")
    names = dict(test.server.query("SELECT id, name FROM host"))
    print(f"calls by host: {dict(collections.Counter(names[entry.host_id] for entry in evidence.entries))}")
    print(f"expired calls {outcomes['expired']}, of which charged "
          f"{sum(bool(entry.calls) for entry in evidence.entries if entry.outcome == 'expired')}; settled before "
          f"{settled_before}, late results {late_results}; charged after their end {len(evidence.late)}; sent again {evidence.resent}")
    for kind in sorted({takeover.fault for takeover in test.takeovers}):
        found = [takeover for takeover in test.takeovers if takeover.fault == kind]
        print(f"takeover after {kind}: leading {seconds([t.leading_at - t.at for t in found if t.leading_at])}; "
              f"first call {seconds([t.call_at - t.at for t in found if t.call_at])}")
    print(f"all hosts alive after the end of a fault: {seconds(test.rejoins)}")


def main():
    options = arguments()
    seed = options.seed if options.seed is not None else random.SystemRandom().getrandbits(32)
    print(f"seed {seed}", flush=True)
    folder = tempfile.mkdtemp(prefix="asinqd-hosts-")
    os.chmod(folder, 0o755)
    began = time.time()
    test = CrashTest(options.binary, folder, seed, options.daemons, options.url_options, options.everyone_leads,
                     options.pooler)
    problems = []
    try:
        for sql in sabotage.BEFORE.get(options.sabotage, []):
            test.server.query(sql)
        for number, (fault, own_seed) in enumerate(rounds(options.rounds, seed, options.only), 1):
            at = time.time()
            test.round(number, fault, own_seed)
            print(f"round {number} {fault.__name__} {time.time() - at:.1f} s", flush=True)
        test.drain()
        for host in test.hosts:
            test.terminate(host)
        for sql in sabotage.AFTER.get(options.sabotage, []):
            test.server.query(sql)
        evidence = checks.Evidence(test)
        report(test, evidence, options.rounds, time.time() - began)
        problems = [("during the rounds", test.problems)]
        problems += [(check.__name__, list(check(evidence))) for check in checks.ALL]
    finally:
        test.close()
    found = 0
    for name, texts in problems:
        found += len(texts)
        print(f"{name}: {'ok' if not texts else f'{len(texts)} problems'}")
        for text in texts[:12]:
            print(f"    {text}")
    if found or options.keep:
        print(f"The logs are in {folder}.")
    else:
        shutil.rmtree(folder)
    if options.sabotage:
        print("The checks found the sabotage." if found else "The checks did not find the sabotage.")
        return 0 if found else 1
    return 1 if found else 0


sys.exit(main())
