// dotnet run --project tools/EventGenerator: rewrites the generated sources of the repository in the current folder.
using EventSourced.EventGenerator;

var generated = new Generator(Catalog.Parse(File.ReadAllText("docs/events/catalog.v1.json"))).Files();
foreach (var stale in Generator.Folders
    .SelectMany(folder => Directory.EnumerateFiles(folder, "*.g.cs"))
    .Where(file => !generated.ContainsKey(file)))
    File.Delete(stale);
foreach (var (path, text) in generated) File.WriteAllText(path, text);
Console.WriteLine($"{generated.Count} files");
