// dotnet run --project tools/EventGenerator: rewrites the generated sources of the repository that stands above this
// program; what is as it ought to be stays untouched. With --check it writes nothing and names what it would write;
// exit 1.
using EventSourced.EventGenerator;

var root = FindRoot(AppContext.BaseDirectory);
var generated = new Generator(
    Catalog.Parse(File.ReadAllText(Path.Combine(root, "docs/events/catalog.v1.json")))).Files()
    .Concat(Services.Files(root))
    .ToDictionary();
var gone = Generator.Folders.Append(Services.Folder)
    .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.g.cs"))
    .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
    .Where(file => !generated.ContainsKey(file))
    .ToArray();
var other = generated.Where(file => !IsWritten(Path.Combine(root, file.Key), file.Value)).ToArray();
if (args is ["--check"])
{
    foreach (var file in gone.Concat(other.Select(file => file.Key)))
        Console.WriteLine($"{file} is not what the catalog and the artifacts say; run ./es catalog add");
    return gone.Length + other.Length == 0 ? 0 : 1;
}

foreach (var file in gone) File.Delete(Path.Combine(root, file));
foreach (var (file, text) in other) File.WriteAllText(Path.Combine(root, file), text);
Console.WriteLine($"{generated.Count} generated files, {gone.Length + other.Length} of them changed");
return 0;

static bool IsWritten(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;

static string FindRoot(string folder) => File.Exists(Path.Combine(folder, "docs", "events", "catalog.v1.json"))
    ? folder
    : FindRoot(Path.GetDirectoryName(folder)
        ?? throw new DirectoryNotFoundException("expected docs/events above this program, found none"));
