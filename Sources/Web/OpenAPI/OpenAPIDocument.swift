internal import Foundation
internal import Hummingbird
internal import Operations

/// The description of the API in OpenAPI 3.1, made from its routes.
struct OpenAPIDocument {
    let routes: [APIRoute]
    let version: String
    /// The path before all others.
    let prefix: String

    var json: JSONLiteral {
        var paths: [String: JSONLiteral] = [:]
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            paths[path] = .object(
                Dictionary(
                    uniqueKeysWithValues: routes.map {
                        ($0.method.rawValue.lowercased(), operation($0))
                    }))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "asinqd", "version": .string(version),
                "description":
                    "A queue of product look-ups through APIs that limit every call. The contract is docs/http-api.md.",
            ],
            "servers": [["url": .string(prefix.isEmpty ? "/" : prefix)]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "schemas": ["Problem": Self.problem],
                "responses": [
                    "Problem": [
                        "description": "What is wrong, and what to do about it.",
                        "content": [
                            Problem.mediaType: [
                                "schema": ["$ref": "#/components/schemas/Problem"]
                            ]
                        ],
                    ]
                ],
            ],
        ]
    }

    private static let problem: JSONLiteral = ContractPage.all.schema("Errors")

    private func operation(_ route: APIRoute) -> JSONLiteral {
        var responses: [String: JSONLiteral] = [
            "200": [
                "description": .string(route.answer.summary),
                "content": Self.content(route.answer.content),
            ]
        ]
        var codes = ["400", "421", "429", "500", "503"]
        if route.role != nil { codes += ["401", "403"] }
        if route.parameters.contains(where: \.isInPath) { codes.append("404") }
        if route.body != nil { codes += ["408", "413", "415", "422"] }
        for code in codes { responses[code] = ["$ref": "#/components/responses/Problem"] }
        var operation: [String: JSONLiteral] = [
            "summary": .string(route.summary),
            "operationId": .string(Self.name(route)),
            "responses": .object(responses),
            "security": route.role == nil ? [] : [["token": []]],
        ]
        if let role = route.role { operation["x-role"] = .string(role.rawValue) }
        if !route.parameters.isEmpty {
            operation["parameters"] = .array(
                route.parameters.map { parameter in
                    [
                        "name": .string(parameter.name),
                        "in": parameter.isInPath ? "path" : "query",
                        "required": .flag(parameter.isRequired),
                        "description": .string(parameter.summary), "schema": parameter.schema,
                    ]
                })
        }
        if let body = route.body {
            operation["requestBody"] = [
                "required": true, "content": Self.content(body.content),
            ]
        }
        return .object(operation)
    }

    private static func content(_ schemas: [String: JSONLiteral]) -> JSONLiteral {
        .object(schemas.mapValues { ["schema": $0] })
    }

    /// `GET /api/v1/jobs/{id}` is `getJobsId`.
    private static func name(_ route: APIRoute) -> String {
        let words = route.path.replacing("/api/v1", with: "").split { !$0.isLetter }
        return words.reduce(into: route.method.rawValue.lowercased()) { $0 += $1.capitalized }
    }
}
