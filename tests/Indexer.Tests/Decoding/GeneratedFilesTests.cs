// What is checked in is what the generator writes: a changed catalog cannot be forgotten, a generated file not edited.
using EventSourced.EventGenerator;

namespace EventSourced.Indexer.Tests.Decoding;

public sealed class GeneratedFilesTests
{
    [Fact]
    public void The_generated_sources_are_those_of_the_catalog_and_the_artifacts()
    {
        var generated = new Generator(
            CatalogSamples.Catalog).Files().Concat(Services.Files(CatalogSamples.Root)).ToDictionary();
        foreach (var (path, text) in generated)
            Assert.Equal(text, File.ReadAllText(Path.Combine(CatalogSamples.Root, path)));
        var present = Generator.Folders.Append(Services.Folder)
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(CatalogSamples.Root, folder), "*.g.cs"))
            .Select(file => Path.GetRelativePath(CatalogSamples.Root, file));
        Assert.Equal(generated.Keys.Order(), present.Order());
    }
}
