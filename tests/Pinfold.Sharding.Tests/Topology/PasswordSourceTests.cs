using Pinfold.Sharding.Topology;
using Shouldly;
using Xunit;

namespace Pinfold.Sharding.Tests.Topology;

public sealed class PasswordSourceTests
{
    [Fact]
    public async Task APasswordIsTheFirstLineOfItsFile()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("secret"), "correct horse \n");

        var password = await PasswordSource.FromFile(folder.File("secret")).ReadAsync(CancellationToken.None);

        password.ShouldBe("correct horse ");
    }

    [Fact]
    public async Task APasswordFileThatIsNotThereIsNamed()
    {
        using var folder = new TempFolder();

        var problem = await Should.ThrowAsync<PinfoldException>(
            async () => await PasswordSource.FromFile(folder.File("secret")).ReadAsync(CancellationToken.None));

        problem.Kind.ShouldBe(ErrorKind.Invalid);
        problem.Message.ShouldStartWith($"The password file {folder.File("secret")} cannot be read: ");
    }

    [Fact]
    public async Task AVariableThatIsNotSetIsNamed()
    {
        var problem = await Should.ThrowAsync<PinfoldException>(
            async () => await PasswordSource.FromEnvironment("PINFOLD_NOT_SET").ReadAsync(CancellationToken.None));

        problem.Message.ShouldBe(
            "The environment variable PINFOLD_NOT_SET is not set: the topology reads a password from it.");
    }
}
