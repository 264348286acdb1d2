// Files of the repository that a test compares the domain with: the contracts' source and the documents.
namespace EventSourced.Domain.Tests;

/// <summary>Reads files of the repository.</summary>
internal static class RepositoryFile
{
    /// <summary>The text of a file by its path from the root.</summary>
    internal static string Read(string path)
    {
        for (var folder = new System.IO.DirectoryInfo(
            AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(System.IO.Path.Combine(folder.FullName, "EventSourced.sln")))
                return System.IO.File.ReadAllText(System.IO.Path.Combine(folder.FullName, path));
        }

        throw new InvalidOperationException($"expected EventSourced.sln above {AppContext.BaseDirectory}, found none");
    }
}
