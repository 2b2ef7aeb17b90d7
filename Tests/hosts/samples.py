"""What the samples of the server's state show, one after the other."""


class Samples:
    def __init__(self):
        self.count = 0
        # The host of each epoch.
        self.epochs = {}
        self.problems = []
        self.calls_open_max = 0

    def note(self, row):
        """A row of the observer's SAMPLE."""
        host_id, epoch, _, _, calls, _ = row
        self.count += 1
        if host_id is not None:
            known = self.epochs.setdefault(epoch, host_id)
            if known != host_id:
                self.problems.append(f"epoch {epoch} belongs to hosts {known} and {host_id}")
        self.calls_open_max = max(self.calls_open_max, len(calls))
        lanes = [tuple(call[:3]) for call in calls]
        if len(set(lanes)) != len(lanes):
            self.problems.append(f"two open calls in one lane: {calls}")
