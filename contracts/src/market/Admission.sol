// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { IParameters } from "../interfaces/IParameters.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { ITaskMarket, Terms } from "../interfaces/ITaskMarket.sol";
import { IVerifierPool } from "../interfaces/IVerifierPool.sol";
import { Bidding } from "../libraries/Bidding.sol";
import { Keys } from "../libraries/Keys.sol";
import { Offers } from "../libraries/Offers.sol";
import { Packed } from "../libraries/Packed.sol";
import { Wiring } from "../libraries/Wiring.sol";

/// @title What the task market asks before it lets a task or a bid in, and the score of a bid.
/// @notice It keeps nothing, moves nothing and emits nothing: the task market deploys it for itself, because with these
///         checks inside it would be larger than a contract may be. Every refusal is one of ITaskMarket.
contract Admission {
    using Packed for uint256;

    /// @notice Who bids on what: the parts of a task that decide who may.
    struct Candidate {
        uint256 taskId;
        uint256 agentId;
        address caller;
        address client;
        bytes32 domain;
        int256 minReputation;
    }

    uint256 internal constant BOOTSTRAP_POOL = 3;
    uint256 internal constant MOST_DOUBLINGS = 2;

    IAgentRegistry internal immutable REGISTRY;
    IParameters internal immutable PARAMETERS;
    IReputation internal immutable REPUTATION;
    IVerifierPool internal immutable VERIFIER_POOL;

    constructor(Wiring memory wiring) {
        REGISTRY = IAgentRegistry(wiring.agentRegistry);
        PARAMETERS = IParameters(wiring.parameters);
        REPUTATION = IReputation(wiring.reputation);
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
    }

    /// @notice Checks a new task, and answers the parameters and windows that it keeps.
    function admitTask(uint256 taskId, address client, uint256 agentId, Terms memory terms)
        external
        view
        returns (uint256 rules, uint256 windows)
    {
        // No task is created that no court could judge; three verifiers suffice until the bootstrap is over.
        uint256 needed = VERIFIER_POOL.bootstrapped() ? PARAMETERS.get(Keys.POOL_MIN) : BOOTSTRAP_POOL;
        uint256 members = VERIFIER_POOL.memberCount();
        require(members >= needed, ITaskMarket.PoolTooSmall(members, needed));
        Offers.check(terms, agentId, block.timestamp, PARAMETERS.get(Keys.MAX_PRICE_CAP));
        if (agentId != 0) {
            address owner = REGISTRY.ownerOf(agentId);
            require(owner != client, ITaskMarket.OwnTask(taskId, owner));
        }
        return (PARAMETERS.taskRules(), Packed.pack(terms));
    }

    /// @notice Checks that the agent may bid; answers how often strikes double its bond: once for one, twice for more.
    function admitBid(Candidate memory candidate) external view returns (uint256 doublings) {
        address owner = REGISTRY.requireActor(candidate.agentId, candidate.caller);
        require(owner != candidate.client, ITaskMarket.OwnTask(candidate.taskId, owner));
        int256 found = REPUTATION.scoreOf(candidate.agentId, candidate.domain);
        require(
            found >= candidate.minReputation,
            ITaskMarket.ReputationTooLow(candidate.agentId, found, candidate.minReputation)
        );
        doublings = REPUTATION.strikesOf(candidate.agentId);
        if (doublings > MOST_DOUBLINGS) doublings = MOST_DOUBLINGS;
    }

    /// @notice What the winner pays that leaves now, and the client's part of it; see Bidding.failure.
    function failure(uint256 rules, uint256 windows, uint256 agentBond, uint256 startBy, uint8 cause, bool started)
        external
        view
        returns (uint256 penalty, uint256 toClient)
    {
        uint256 held = block.timestamp + windows.window(Packed.START) - startBy;
        return Bidding.failure(rules, windows, agentBond / 2, cause, started, held);
    }

    /// @notice From when on no agent can be found for a task that is not matched: its best bid, or without one its next
    ///         round, would no longer fit before expiresAt. 0: a direct task whose agent is gone, or the last round is over.
    function hopelessFrom(
        uint256 rules,
        uint256 windows,
        uint256 expiresAt,
        uint256 round,
        bool bidsStand,
        bool directly
    ) external pure returns (uint64) {
        if (bidsStand) {
            return uint64(expiresAt - windows.window(Packed.START) - windows.window(Packed.DELIVER) + 1);
        }
        if (directly || round >= rules.rule(Packed.MAX_ROUNDS)) return 0;
        uint256 needed = Bidding.roundLength(windows, round + 1);
        return expiresAt < needed ? 0 : uint64(expiresAt - needed + 1);
    }

    /// @notice When a round that opens now would have to be over; see Bidding.roundLength.
    function neededUntil(uint256 windows, uint256 round) external view returns (uint256) {
        return block.timestamp + Bidding.roundLength(windows, round);
    }

    /// @notice The score of a bid placed now.
    function score(uint256 rules, uint256 maxPrice, uint256 price, uint256 agentId, bytes32 domain)
        external
        view
        returns (uint64)
    {
        return Bidding.score(
            Packed.unpack(rules),
            maxPrice,
            price,
            REPUTATION.scoreOf(agentId, domain),
            REPUTATION.lastActiveOf(agentId, domain),
            block.timestamp
        );
    }
}
