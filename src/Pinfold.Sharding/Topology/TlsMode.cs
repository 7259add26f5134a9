namespace Pinfold.Sharding.Topology;

/// <summary>How connections to a MySQL server are encrypted, from weakest to strongest.</summary>
public enum TlsMode
{
    /// <summary>Never; for loopback and tunnels.</summary>
    None,

    /// <summary>
    /// When the server can; its certificate is not checked, so a listener is shut out and a forger not.
    /// </summary>
    Preferred,

    /// <summary>Always, and the certificate is not checked.</summary>
    Required,

    /// <summary>Always, with a certificate of a trusted authority.</summary>
    VerifyCa,

    /// <summary>Always, with a certificate of a trusted authority that names this host.</summary>
    VerifyFull,
}
