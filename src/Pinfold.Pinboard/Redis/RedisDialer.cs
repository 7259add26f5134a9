using System.Net.Security;
using Pinfold.Sharding;
using Pinfold.Sharding.Topology;
using StackExchange.Redis;

namespace Pinfold.Pinboard.Redis;

/// <summary>Connects to a Redis as the topology describes it. Passwords are read each time.</summary>
static class RedisDialer
{
    /// <summary>How long a request may take; also a connection.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    /// <exception cref="PinfoldException">Invalid: a password cannot be read.</exception>
    /// <exception cref="RedisException">It does not answer.</exception>
    public static async Task<RedisConnection> DialAsync(RedisSpec spec, CancellationToken cancellation)
    {
        var options = await OptionsAsync(spec, cancellation);
        switch (spec)
        {
            case RedisServerSpec server:
                options.EndPoints.Add(server.Address.Host, server.Address.Port);
                break;
            case RedisClusterSpec cluster:
                foreach (var node in cluster.Nodes)
                    options.EndPoints.Add(node.Host, node.Port);
                break;
            case RedisSentinelSpec sentinel:
                return await DialAsync(sentinel, options, cancellation);
        }
        return new RedisConnection(await ConnectionMultiplexer.ConnectAsync(options), null);
    }

    /// <summary>The Sentinels tell where the primary is, now and whenever it changes.</summary>
    static async Task<RedisConnection> DialAsync(
        RedisSentinelSpec spec, ConfigurationOptions options, CancellationToken cancellation)
    {
        var asked = Options(spec.Tls);
        asked.ServiceName = spec.Primary;
        if (spec.SentinelPassword is { } password)
            asked.Password = await password.ReadAsync(cancellation);
        foreach (var address in spec.Sentinels)
            asked.EndPoints.Add(address.Host, address.Port);
        var sentinels = await ConnectionMultiplexer.SentinelConnectAsync(asked);
        try
        {
            options.ServiceName = spec.Primary;
            // It waits for the primary, and has no way of doing so that keeps no thread.
            var nodes = await Task.Run(() => sentinels.GetSentinelMasterConnection(options), cancellation);
            return new RedisConnection(nodes, sentinels);
        }
        catch (Exception)
        {
            await sentinels.DisposeAsync();
            throw;
        }
    }

    static async Task<ConfigurationOptions> OptionsAsync(RedisSpec spec, CancellationToken cancellation)
    {
        var options = Options(spec.Tls);
        options.User = spec.User;
        if (spec.Password is { } password)
            options.Password = await password.ReadAsync(cancellation);
        return options;
    }

    /// <summary>
    /// What cannot be asked at once is not asked later: whoever waits has a shard to ask instead.
    /// </summary>
    static ConfigurationOptions Options(TlsMode tls)
    {
        var answerMs = (int)AnswerMax.TotalMilliseconds;
        var options = new ConfigurationOptions
        {
            ClientName = "pinfold",
            AbortOnConnectFail = true,
            ConnectTimeout = answerMs,
            AsyncTimeout = answerMs,
            SyncTimeout = answerMs,
            ConnectRetry = 1,
            KeepAlive = 5,
            BacklogPolicy = BacklogPolicy.FailFast,
            // Nothing is written into a Redis to agree on anything, nor listened to that others publish there.
            ConfigurationChannel = "",
            TieBreaker = "",
            IncludeDetailInExceptions = false,
            Ssl = tls != TlsMode.None,
        };
        if (tls == TlsMode.Required)
            options.CertificateValidation += (_, _, _, _) => true;
        else if (tls == TlsMode.VerifyCa)
            options.CertificateValidation += (_, _, _, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
        return options;
    }
}
