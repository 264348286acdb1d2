// Lets other suites run against lib/GraphQL: one JSON object a line on standard input
// ({"id","sdl","query","operationName","variables"}), one {"id","ok"} a line on standard output. ok: the schema is
// valid, the document parses and validates, one operation is named, and its variables coerce. With --explain, a
// refusal says why.
using System.Text;
using System.Text.Json;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation;

const int MaxSchemas = 256;
const int MaxJsonDepth = 512;

var schemas = new Dictionary<string, Schema?>(StringComparer.Ordinal);
var explain = args.Contains("--explain");
using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
while (await input.ReadLineAsync() is { } line)
{
    if (line.Length == 0)
        continue;
    await output.WriteLineAsync(Answer(line));
}

return 0;

string Answer(string line)
{
    JsonElement id = default;
    try
    {
        using var request = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        id = request.RootElement.TryGetProperty("id", out var given) ? given.Clone() : default;
        var reason = Refusal(request.RootElement);
        return Line(id, reason is null, explain ? reason : null);
    }
    catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
    {
        return Line(id, false, explain ? $"expected one JSON object a line: {malformed.Message}" : null);
    }
}

string? Refusal(JsonElement request)
{
    var operationName = Text(request, "operationName");
    JsonElement? variables = request.TryGetProperty("variables", out var given)
        && given.ValueKind == JsonValueKind.Object ? given : null;
    try
    {
        var schema = SchemaOf(Text(request, "sdl") ?? "");
        if (schema is null)
            return "the schema is not valid";
        var document = Parser.Parse(Text(request, "query") ?? "");
        var errors = DocumentValidator.Validate(schema, document);
        if (!errors.IsEmpty)
            return errors[0].Message;
        OperationPlan.Find(schema, document, operationName).CoerceVariables(variables);
        return null;
    }
    catch (GraphQLException refusal)
    {
        return refusal.Message;
    }
}

Schema? SchemaOf(string sdl)
{
    if (schemas.TryGetValue(sdl, out var known))
        return known;
    Schema? schema = null;
    try
    {
        schema = SchemaBuilder.New().AddDocumentFromString(sdl).Create();
    }
    catch (GraphQLException refusal) when (explain)
    {
        Console.Error.WriteLine(refusal.Message);
    }
    catch (GraphQLException)
    {
        // Answered as not ok, like every document for it.
    }

    if (schemas.Count >= MaxSchemas)
        schemas.Clear();
    return schemas[sdl] = schema;
}

static string? Text(JsonElement request, string name) =>
    request.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

static string Line(JsonElement id, bool ok, string? reason)
{
    using var buffer = new MemoryStream();
    using (var writer = new Utf8JsonWriter(buffer))
    {
        writer.WriteStartObject();
        writer.WritePropertyName("id");
        if (id.ValueKind == JsonValueKind.Undefined)
            writer.WriteNullValue();
        else
            id.WriteTo(writer);
        writer.WriteBoolean("ok", ok);
        if (reason is not null)
            writer.WriteString("reason", reason);
        writer.WriteEndObject();
    }

    return Encoding.UTF8.GetString(buffer.ToArray());
}
