// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice The kinds of Vault accounts. Stored; never renumber.
enum Kind {
    EXTERNAL,
    CREDIT,
    TASK,
    BID,
    STAKE,
    UNBONDING,
    AT_RISK,
    DISPUTE,
    BOUNTY,
    CHANNEL,
    LEASE,
    GUILD,
    WORKFLOW,
    CHECKPOINT,
    REWARD,
    PROPOSAL,
    TREASURY,
    BURN
}

/// @notice What an at-risk account holds. Stored; never renumber.
enum Pledge {
    NONE,
    TASK,
    SEAT,
    LEASE_DEPOSIT,
    BOUNTY_CLAIM,
    CHECKPOINT_SIGNER,
    POSTER
}

/// @notice Why money moved (`Moved.reason`). Stored; never renumber, add at the end.
library Reasons {
    uint8 internal constant DEPOSIT = 0;
    uint8 internal constant WITHDRAW = 1;
    uint8 internal constant STAKE = 2;
    uint8 internal constant ESCROW = 3;
    uint8 internal constant BID_LOCK = 4;
    uint8 internal constant BID_RELEASE = 5;
    uint8 internal constant AGENT_BOND = 6;
    uint8 internal constant PENALTY_CLIENT = 7;
    uint8 internal constant PENALTY_BURN = 8;
    uint8 internal constant DISPUTE_BOND = 9;
    uint8 internal constant RESPONDENT_BOND = 10;
    uint8 internal constant APPEAL_BOND = 11;
    uint8 internal constant SEAT_LOCK = 12;
    uint8 internal constant SEAT_SLASH = 13;
    uint8 internal constant SEAT_RELEASE = 14;
    uint8 internal constant SEED_DEPOSIT = 15;
    uint8 internal constant SEED_RETURN = 16;
    uint8 internal constant SEED_BURN = 17;
    uint8 internal constant BOND_RETURN = 18;
    uint8 internal constant SLASH_WINNER = 19;
    uint8 internal constant SLASH_HONEST = 20;
    uint8 internal constant SLASH_BURN = 21;
    uint8 internal constant SPLIT_SHARE = 22;
    uint8 internal constant BOND_RELEASE = 23;
    uint8 internal constant FEE = 24;
    uint8 internal constant PAYMENT = 25;
    uint8 internal constant REFUND = 26;
    uint8 internal constant UNBOND = 27;
    uint8 internal constant RELEASE = 28;
    uint8 internal constant LEASE_PRICE = 29;
    uint8 internal constant LEASE_DEPOSIT = 30;
    uint8 internal constant CHANNEL_DEPOSIT = 31;
    uint8 internal constant CHANNEL_PAY = 32;
    uint8 internal constant GUILD_SHARE = 33;
    uint8 internal constant BOUNTY_POOL = 34;
    uint8 internal constant BOUNTY_AWARD = 35;
    uint8 internal constant REWARD = 36;
    uint8 internal constant SPEND_BOND = 37;
    // Beyond the list of the economics: money that no row of it names.
    uint8 internal constant TRANSFER = 38;
    uint8 internal constant POSTER_BOND = 39;
    uint8 internal constant CLAIM_BOND = 40;
    uint8 internal constant SPEND = 41;
    uint8 internal constant WORKFLOW_BUDGET = 42;
    uint8 internal constant GUILD_RECEIPT = 43;
    // What a deed that anyone may do pays to whoever does it.
    uint8 internal constant KEEPER_FEE = 44;
}

/// @notice An account is `kind (8 bits) || id (248 bits)`. Pure encoders, one per kind.
library Accounts {
    bytes32 internal constant TREASURY = bytes32(uint256(Kind.TREASURY) << 248);
    bytes32 internal constant BURN = bytes32(uint256(Kind.BURN) << 248);

    error IdTooWide(uint256 id);

    function encode(Kind kind, uint256 id) internal pure returns (bytes32) {
        require(id >> 248 == 0, IdTooWide(id));
        return bytes32((uint256(kind) << 248) | id);
    }

    function kindOf(bytes32 account) internal pure returns (Kind) {
        return Kind(uint8(uint256(account) >> 248));
    }

    function idOf(bytes32 account) internal pure returns (uint256) {
        return (uint256(account) << 8) >> 8;
    }

    function external_(address holder) internal pure returns (bytes32) {
        return encode(Kind.EXTERNAL, uint160(holder));
    }

    /// @notice A wallet inside the Vault: every payout goes there, its holder withdraws.
    function credit(address holder) internal pure returns (bytes32) {
        return encode(Kind.CREDIT, uint160(holder));
    }

    function task(uint256 taskId) internal pure returns (bytes32) {
        return encode(Kind.TASK, taskId);
    }

    /// @notice The lock of one agent's bid in one round of one task; commitments and bids share it.
    function bid(uint256 taskId, uint16 round, uint256 agentId) internal pure returns (bytes32) {
        require(agentId >> 64 == 0, IdTooWide(agentId));
        return encode(Kind.BID, (taskId << 80) | (uint256(round) << 64) | agentId);
    }

    function stake(uint256 agentId) internal pure returns (bytes32) {
        return encode(Kind.STAKE, agentId);
    }

    function unbonding(uint256 unbondId) internal pure returns (bytes32) {
        return encode(Kind.UNBONDING, unbondId);
    }

    function atRisk(Pledge pledge, uint256 id) internal pure returns (bytes32) {
        require(id >> 240 == 0, IdTooWide(id));
        return encode(Kind.AT_RISK, (uint256(pledge) << 240) | id);
    }

    function seat(uint256 disputeId, uint8 round, uint8 attempt, uint16 index) internal pure returns (bytes32) {
        return
            atRisk(Pledge.SEAT, (disputeId << 32) | (uint256(round) << 24) | (uint256(attempt) << 16) | uint256(index));
    }

    function dispute(uint256 disputeId) internal pure returns (bytes32) {
        return encode(Kind.DISPUTE, disputeId);
    }

    function bounty(uint256 bountyId) internal pure returns (bytes32) {
        return encode(Kind.BOUNTY, bountyId);
    }

    function channel(uint256 channelId) internal pure returns (bytes32) {
        return encode(Kind.CHANNEL, channelId);
    }

    function lease(uint256 leaseId) internal pure returns (bytes32) {
        return encode(Kind.LEASE, leaseId);
    }

    function guild(uint256 guildId) internal pure returns (bytes32) {
        return encode(Kind.GUILD, guildId);
    }

    function workflow(uint256 workflowId) internal pure returns (bytes32) {
        return encode(Kind.WORKFLOW, workflowId);
    }

    /// @notice Agent 0 is the pool of the era.
    function reward(uint256 era, uint256 agentId) internal pure returns (bytes32) {
        return encode(Kind.REWARD, (era << 128) | agentId);
    }

    function proposal(uint256 proposalId) internal pure returns (bytes32) {
        // Governor ids are hashes: their low 248 bits name the account.
        return encode(Kind.PROPOSAL, (proposalId << 8) >> 8);
    }
}
