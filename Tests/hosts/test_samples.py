"""The samples show two leaders and two calls in a lane, and nothing that is allowed."""

import unittest

from samples import Samples


def problems(*rows):
    samples = Samples()
    for host_id, epoch, calls in rows:
        samples.note((host_id, epoch, True, f"host{host_id}", calls, []))
    return samples.problems


class SamplesTests(unittest.TestCase):
    def test_finds_two_hosts_of_an_epoch(self):
        self.assertEqual(problems((1, 5, []), (2, 5, [])), ["epoch 5 belongs to hosts 1 and 2"])
        # Another epoch was seen in between.
        self.assertEqual(problems((1, 5, []), (2, 6, []), (2, 5, [])), ["epoch 5 belongs to hosts 1 and 2"])

    def test_finds_two_open_calls_in_one_lane(self):
        calls = [["main", "images", 0, 7, 1], ["main", "lookup", 0, 8, 1], ["main", "images", 0, 9, 2]]
        self.assertEqual(problems((1, 5, calls)), [f"two open calls in one lane: {calls}"])

    def test_allows_another_host_in_another_epoch(self):
        self.assertEqual(problems((1, 5, []), (1, 5, []), (2, 6, []), (1, 7, [])), [])

    def test_allows_an_epoch_without_a_host(self):
        self.assertEqual(problems((None, 0, []), (1, 1, []), (None, 1, []), (1, 1, [])), [])

    def test_allows_open_calls_in_different_lanes(self):
        lanes = [("main", "images", 0), ("second", "images", 0), ("main", "barcodes", 0), ("main", "images", 1)]
        self.assertEqual(problems((1, 5, [[*lane, id, 1] for id, lane in enumerate(lanes)])), [])

    def test_count_the_samples_and_the_most_open_calls(self):
        samples = Samples()
        for count in (1, 3, 2):
            samples.note((1, 1, True, "host1", [["main", "lookup", slot, slot, 1] for slot in range(count)], []))
        self.assertEqual((samples.count, samples.calls_open_max), (3, 3))


if __name__ == "__main__":
    unittest.main()
