using System.CommandLine;
using Pinfold.Cli.Audit;
using Pinfold.Cli.Catalog;
using Pinfold.Cli.Completion;
using Pinfold.Cli.Feed;
using Pinfold.Cli.Follower;
using Pinfold.Cli.Id;
using Pinfold.Cli.Import;
using Pinfold.Cli.Journal;
using Pinfold.Cli.Lab;
using Pinfold.Cli.Operation;
using Pinfold.Cli.Processes;
using Pinfold.Cli.Redis;
using Pinfold.Cli.Running;
using Pinfold.Cli.Search;
using Pinfold.Cli.Serve;
using Pinfold.Cli.Server;
using Pinfold.Cli.Shard;
using Pinfold.Cli.Topology;
using Pinfold.Cli.User;
using Pinfold.Cli.Verify;

var root = new RootCommand("A pinboard that runs on nothing and grows to a fleet, and the tool to run it with.")
{
    ServeCommand.Create(),
    IdCommand.Create(),
    new Command(
        "topology", "The map: which server has which shards.") { TopologyCheckCommand.Create(),
        TopologyShowCommand.Create(), TopologyHistoryCommand.Create(), TopologyDiffCommand.Create(),
        TopologyImportCommand.Create(), TopologyExportCommand.Create() },
    new Command("server", "The servers of the map.")
    {
        ServerListCommand.Create(), ServerAddCommand.Create(), ServerDrainCommand.Create(),
        ServerRemoveCommand.Create(),
    },
    new Command("shard", "The shards themselves.")
    {
        ShardListCommand.Create(), ShardCreateCommand.Create(), ShardOpenCommand.Create(), ShardCloseCommand.Create(),
        ShardPlanCommand.Create(), ShardMoveCommand.Create(), ShardCleanupCommand.Create(),
    },
    GrowCommand.Create(),
    new Command("catalog", "Where versions of the map and operations are kept.") { CatalogMoveCommand.Create() },
    new Command("process", "The processes that serve.") { ProcessListCommand.Create() },
    new Command("operation", "The long changes of the fleet: what is under way, and what was done.")
    {
        OperationListCommand.Create(), OperationShowCommand.Create(), OperationResumeCommand.Create(),
        OperationPauseCommand.Create(), OperationCancelCommand.Create(),
    },
    new Command("feed", "Home feeds.") { FeedShowCommand.Create(), FeedRebuildCommand.Create() },
    new Command("redis", "What is kept in Redis, where the topology names one.") { RedisStatusCommand.Create() },
    new Command("follower", "What is done from the journals, after the writes.")
    {
        FollowerListCommand.Create(), FollowerShowCommand.Create(), FollowerRetryCommand.Create(),
        FollowerSkipCommand.Create(), FollowerForgetCommand.Create(), FollowerRebuiltCommand.Create(),
    },
    new Command("journal", "The journals themselves, and how much of them is kept.")
    {
        JournalStatusCommand.Create(), JournalTrimCommand.Create(),
    },
    new Command("import", "Brings in what people have elsewhere.")
    {
        ImportBookmarksCommand.Create(), ImportPinterestCommand.Create(), ImportImagesCommand.Create(),
        ImportFollowsCommand.Create(),
    },
    new Command("user", "People.")
    {
        UserAddCommand.Create(), UserInviteCommand.Create(), UserListCommand.Create(), UserAdminCommand.Create(),
        UserDisableCommand.Create(), UserResetPasswordCommand.Create(), UserBudgetCommand.Create(),
    },
    new Command("search", "The index of what can be found.")
    {
        SearchStatusCommand.Create(), SearchRebuildCommand.Create(), SearchVerifyCommand.Create(),
    },
    new Command("lab", "A real fleet on this machine, to develop on, to test with and to break.")
    {
        LabUpCommand.Create(), LabStatusCommand.Create(), LabDownCommand.Create(), LabFaultCommand.CreateKill(),
        LabFaultCommand.CreatePause(), LabFaultCommand.CreateCut(), LabFaultCommand.CreateHeal(),
        LabRelayCommand.Create(),
    },
    VerifyCommand.Create(),
    AuditCommand.Create(),
    CompletionCommand.Create(),
};
return await CommandRunner.RunAsync(root, args);
