namespace Pinfold.Sharding.Topology.Reading;

/// <summary>What is wrong, and where: line and column from 1, both 0 where there is no text.</summary>
readonly record struct SourceProblem(int Line, int Column, string Message);
