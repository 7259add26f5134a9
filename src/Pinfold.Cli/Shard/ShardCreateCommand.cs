using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Pinfold.Cli.Output;
using Pinfold.Cli.Running;
using Pinfold.Sharding;
using Pinfold.Sharding.Provisioning;

namespace Pinfold.Cli.Shard;

/// <summary><c>pinfold shard create</c>: makes the shards of the topology that are missing, new and empty.</summary>
static class ShardCreateCommand
{
    public static Command Create()
    {
        var installation = new InstallationOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say which shards are missing." };
        var command =
            new Command(
                "create",
                "Makes the topology's missing shards, new and empty. One that is there stays as it is.") { dryRun };
        installation.AddTo(command);
        command.SetAction(
            (parsed, cancellation) => CommandHost.LookAsync(parsed, installation, async (services, token) =>
        {
            var provisioner = services.GetRequiredService<ShardProvisioner>();
            var inventory = await provisioner.TakeInventoryAsync(token);
            if (inventory.Silent is [(_, var reason), ..])
                throw new PinfoldException(ErrorKind.Unavailable, reason);
            if (inventory.Missing.Count == 0 || parsed.GetValue(dryRun))
            {
                Console.WriteLine($"{inventory.Present} shards are there, {inventory.Missing.Count} are missing" +
                    (inventory.Missing.Count == 0 ? "." : $": {string.Join(", ", inventory.Missing)}."));
                return ExitCodes.Done;
            }
            await Progress.RunAsync("Making shards", inventory.Missing.Count, progress =>
                provisioner.CreateAsync(inventory.Missing, progress, token));
            Console.WriteLine($"{inventory.Missing.Count} shards made, {inventory.Present} were there.");
            return ExitCodes.Done;
        }, cancellation, changesShards: true));
        return command;
    }
}
