package import Planning
package import Providers
package import Storage

/// The outcome of enqueuing products, and when they will be done. Its JSON is a contract: fields are added,
/// never renamed.
package struct EnqueueReport: Encodable {
    package let intake: ProductIntake
    package let enqueued: [String: Enqueued]
    package let order: [String]
    package let isDryRun: Bool
    package let notBefore: Timestamp?
    /// The endpoint whose results are followed up, and the one that they lead to.
    package let leading: (from: String, to: EndpointDefinition)?
    /// Has a group for the jobs that were added, at each endpoint that got some.
    package let forecast: Forecast
    /// Whether there is an account for that one.
    package let hasFollowUpAccount: Bool
    package let isDaemonRunning: Bool

    private struct JSON: Encodable {
        struct Endpoint: Encodable {
            var added: Int
            /// Products that keep their open job, even if it was changed.
            var alreadyOpen: Int
            var raised: Int
            var widened: Int
            var keptLabels: [KeptLabel]
            var fresh: Int
            /// Codes of fresh results that are looked up at once.
            var lookUps: Int
            /// When the added jobs are done; null when there are none, or when they have no end.
            var finishesAt: NullableInstant
            /// The cost of the added jobs.
            var tokens: Int
            /// The tokens remaining in the pool that limits it most.
            var tokensLeftToday: Int
            /// Why the jobs are not done by themselves: a case of `Standstill`.
            var standstill: String?
        }

        /// Open jobs that have another label than the one given; null: none.
        struct KeptLabel: Encodable {
            var label: String?
            var jobs: Int

            enum CodingKeys: CodingKey {
                case label, jobs
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(label, forKey: .label)
                try container.encode(jobs, forKey: .jobs)
            }
        }

        /// What a file turned out to be.
        struct Source: Encodable {
            var file: String
            /// `lines`, `list` or `table`.
            var layout: String
            var headerLine: Int?
            /// From 1.
            var column: Int?
            var columnName: String?
        }

        /// How many products were changed in one way.
        struct Corrections: Encodable {
            var kind: String
            var count: Int
        }

        var sources: [Source]
        var corrections: [Corrections]
        var firstCorrections: [ProductIntake.Correction]
        var lines: Int
        var products: Int
        /// The products that repeat one of an earlier line.
        var repeated: Int
        var notBefore: NullableInstant
        var badLines: Int
        var firstBadLines: [ProductIntake.BadLine]
        var isDryRun: Bool
        var isDaemonRunning: Bool
        var isApproximate: Bool
        var endpoints: [String: Endpoint]
    }

    package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

    private var json: JSON {
        JSON(
            sources: intake.sources.map { source in
                let column = source.layout.table?.column
                return JSON.Source(
                    file: source.file, layout: source.layout.shape.name,
                    headerLine: source.layout.headerLine, column: column.map { $0.index + 1 },
                    columnName: column?.name)
            },
            corrections: ProductCorrection.allCases.compactMap { kind in
                intake.corrections[kind].map {
                    JSON.Corrections(kind: kind.rawValue, count: $0)
                }
            }, firstCorrections: intake.firstCorrections,
            lines: intake.lines, products: intake.products, repeated: intake.repeats,
            notBefore: NullableInstant(instant: notBefore), badLines: intake.badLines,
            firstBadLines: intake.firstBadLines, isDryRun: isDryRun,
            isDaemonRunning: isDaemonRunning, isApproximate: forecast.isApproximate,
            endpoints: Dictionary(
                uniqueKeysWithValues: enqueued.map { name, counts in
                    let lane = forecast[name]
                    return (
                        name,
                        JSON.Endpoint(
                            added: counts.added, alreadyOpen: counts.alreadyOpen,
                            raised: counts.raised, widened: counts.widened,
                            keptLabels: counts.keptLabelsByCount.map {
                                JSON.KeptLabel(label: $0.key, jobs: $0.value)
                            },
                            fresh: counts.fresh, lookUps: counts.lookupsAdded,
                            finishesAt: NullableInstant(
                                instant: lane?.groups.first?.finishesAt),
                            tokens: lane?.groups.first?.tokens ?? 0,
                            tokensLeftToday: forecast.dayLeft(at: name)?.tokens ?? 0,
                            standstill: lane?.standstill?.rawValue)
                    )
                }))
    }
}

extension InputLayout.Shape {
    fileprivate var name: String {
        switch self {
        case .lines: "lines"
        case .list: "list"
        case .table: "table"
        }
    }
}
