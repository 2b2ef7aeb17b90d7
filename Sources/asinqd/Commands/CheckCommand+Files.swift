import Scheduling
import Storage

extension CheckCommand {
    /// What is amiss with the files themselves, whatever they hold.
    func files(_ store: Store) -> [Finding] {
        let bytes = store.logBytes
        let length = "\(HumanText.number(bytes)) bytes"
        var findings = [
            bytes > LogKeeper.longBytes
                ? Finding(
                    verdict: .problem, subject: "log",
                    text: "\(length): \(LogKeeper.advice(store))")
                : Finding(verdict: .ok, subject: "log", text: length)
        ]
        do {
            try Store.requireOneName(store.path)
        } catch {
            findings.append(Self.problem("database", error))
        }
        return findings
    }

    /// An error's words, with what to try.
    static func problem(_ subject: String, _ error: any Error) -> Finding {
        let text = CommandFailure(error)?.description ?? "\(error)"
        return Finding(
            verdict: .problem, subject: subject, text: text.replacing("\n", with: " "))
    }
}
