// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { IStake } from "../interfaces/IStake.sol";
import { Attestation, IVerifierPool, Lot, Member } from "../interfaces/IVerifierPool.sol";
import { Decay } from "../libraries/Decay.sol";
import { Domains } from "../libraries/Domains.sol";
import { Keys } from "../libraries/Keys.sol";
import { SumTree } from "../libraries/SumTree.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @title The pool's weights and its lots (see IVerifierPool). Reads only; VerifierPool writes.
/// @dev weight = sqrt(stake) * reputation * recency. Recency is forward: an activity one half-life later doubles a leaf, so
///      every other one halves beside it without being written. A draw is successive sampling without replacement: a
///      candidate that may not sit is rejected and the next number tried.
abstract contract Drawing is IVerifierPool, Module {
    /// @dev A panel being filled.
    struct Filling {
        uint256 total;
        uint256 filled;
        uint256 unattested;
        uint256 unattestedMost;
        uint256[] ids;
        address[] owners;
        bytes32[] organisations;
        bytes32[] networks;
        address[3] excludedOwners;
        bytes32[2] excludedOrganisations;
    }

    /// @dev Beyond a billion credits more stake weighs no more; the root is taken of micro-credits.
    uint256 internal constant HEAVIEST_STAKE = 1e27;
    uint256 internal constant STAKE_UNIT = 1e12;
    uint256 internal constant NEWCOMER = 250;
    uint256 internal constant ATTAINABLE = 1750;
    uint256 internal constant TRIES_PER_SEAT = 32;
    uint256 internal constant BOOTSTRAP_ORGANISATIONS = 15;
    uint64 internal constant OWNER_SETTLED = 7 days;

    IStake internal immutable STAKE;
    IReputation internal immutable REPUTATION;

    SumTree.Tree internal _tree;
    uint256 internal _memberCount;
    uint256 internal _organisationCount;
    mapping(uint256 verifierId => Member) internal _members;
    mapping(uint256 slot => uint256 verifierId) internal _slots;
    mapping(uint256 agentId => Attestation) internal _attestations;
    mapping(bytes32 orgKey => bool) internal _organisations;
    mapping(uint256 seedBlock => uint256) internal _waiting;

    constructor(Wiring memory wiring) Module(wiring, "verifierPool") {
        STAKE = IStake(wiring.stake);
        REPUTATION = IReputation(wiring.reputation);
    }

    /// @inheritdoc IVerifierPool
    function draw(bytes32 seed, Lot calldata lot) external view returns (uint256[] memory verifierIds) {
        Filling memory panel = _begin(lot);
        if (panel.total == 0) return verifierIds;
        uint256 tries = TRIES_PER_SEAT * lot.seats;
        for (uint256 k; k < tries && panel.filled < lot.seats; ++k) {
            uint256 point = uint256(keccak256(abi.encode(seed, k))) % panel.total;
            _consider(panel, _slots[SumTree.find(_tree, point)], lot.seatBond);
        }
        verifierIds = new uint256[](panel.filled);
        for (uint256 i; i < panel.filled; ++i) {
            verifierIds[i] = panel.ids[i];
        }
    }

    /// @inheritdoc IVerifierPool
    function weightNow(uint256 verifierId) public view returns (uint256) {
        uint256 stake = Math.min(STAKE.stakeOf(verifierId), HEAVIEST_STAKE);
        int256 score = REPUTATION.scoreOf(verifierId, Domains.VERIFICATION);
        uint256 exponent = PARAMETERS.exponentAt(Keys.REC_HALF_LIFE, _members[verifierId].lastActive);
        return Math.sqrt(stake / STAKE_UNIT) * _rho(score) * _recency(exponent);
    }

    /// @inheritdoc IVerifierPool
    function related(uint256 agentId, uint256 otherId) external view returns (bool) {
        if (REGISTRY.ownerOf(agentId) == REGISTRY.ownerOf(otherId)) return true;
        (bytes32 organisation,) = keysOf(agentId);
        (bytes32 other,) = keysOf(otherId);
        return organisation != 0 && organisation == other;
    }

    /// @inheritdoc IVerifierPool
    function keysOf(uint256 verifierId) public view returns (bytes32 orgKey, bytes32 asnKey) {
        Attestation storage said = _attestations[verifierId];
        return block.timestamp < said.validUntil ? (said.orgKey, said.asnKey) : (bytes32(0), bytes32(0));
    }

    /// @inheritdoc IVerifierPool
    function bootstrapped() public view returns (bool) {
        return _organisationCount >= BOOTSTRAP_ORGANISATIONS;
    }

    /// @inheritdoc IVerifierPool
    function memberCount() external view returns (uint256) {
        return _memberCount;
    }

    /// @inheritdoc IVerifierPool
    function isMember(uint256 verifierId) external view returns (bool) {
        return _members[verifierId].place != 0;
    }

    /// @inheritdoc IVerifierPool
    function memberOf(uint256 verifierId) external view returns (Member memory) {
        return _members[verifierId];
    }

    /// @inheritdoc IVerifierPool
    function verifierAt(uint256 slot) external view returns (uint256) {
        return _slots[slot];
    }

    /// @inheritdoc IVerifierPool
    function weightOf(uint256 verifierId) public view returns (uint256) {
        uint256 place = _members[verifierId].place;
        return place == 0 ? 0 : SumTree.get(_tree, place - 1);
    }

    /// @inheritdoc IVerifierPool
    function totalWeight() external view returns (uint256) {
        return SumTree.total(_tree);
    }

    /// @inheritdoc IVerifierPool
    function attestationOf(uint256 verifierId) external view returns (Attestation memory) {
        return _attestations[verifierId];
    }

    /// @dev rho, in thousandths: 250 for a new name, under 2,000 for the best, toward 0 for the worst.
    function _rho(int256 score) internal view returns (uint256) {
        uint256 half = PARAMETERS.get(Keys.REP_K);
        if (score >= 0) return NEWCOMER + ATTAINABLE * uint256(score) / (uint256(score) + half);
        return NEWCOMER * half / (half + uint256(-score));
    }

    function _recency(uint256 exponent) internal pure returns (uint256) {
        if (exponent > Decay.CAP) exponent = Decay.CAP;
        return (Decay.exp2frac(exponent & 0xffff) >> 32) << (exponent >> 16);
    }

    function _begin(Lot calldata lot) private view returns (Filling memory panel) {
        panel.total = SumTree.total(_tree);
        panel.unattestedMost = bootstrapped() ? Math.max(1, lot.seats / 3) : lot.seats;
        panel.ids = new uint256[](lot.seats);
        panel.owners = new address[](lot.seats);
        panel.organisations = new bytes32[](lot.seats);
        panel.networks = new bytes32[](lot.seats);
        panel.excludedOwners[0] = lot.principal;
        panel.excludedOwners[1] = REGISTRY.ownerOf(lot.respondentId);
        (panel.excludedOrganisations[0],) = keysOf(lot.respondentId);
        if (lot.challengerId != 0) {
            panel.excludedOwners[2] = REGISTRY.ownerOf(lot.challengerId);
            (panel.excludedOrganisations[1],) = keysOf(lot.challengerId);
        }
    }

    function _consider(Filling memory panel, uint256 verifierId, uint256 seatBond) private view {
        uint256 filled = panel.filled;
        for (uint256 i; i < filled; ++i) {
            if (panel.ids[i] == verifierId) return;
        }
        address owner = REGISTRY.ownerOf(verifierId);
        (bytes32 organisation, bytes32 network) = keysOf(verifierId);
        if (organisation == 0 && panel.unattested >= panel.unattestedMost) return;
        if (_isExcluded(panel, owner, organisation)) return;
        for (uint256 i; i < filled; ++i) {
            if (panel.owners[i] == owner) return;
            if (organisation != 0 && panel.organisations[i] == organisation) return;
            if (organisation != 0 && panel.networks[i] == network) return;
        }
        // A new name is as good as a new owner; while the economy begins, all are new.
        if (bootstrapped() && block.timestamp < REGISTRY.ownerSince(verifierId) + OWNER_SETTLED) return;
        if (STAKE.stakeOf(verifierId) < seatBond) return;
        panel.ids[filled] = verifierId;
        panel.owners[filled] = owner;
        panel.organisations[filled] = organisation;
        panel.networks[filled] = network;
        if (organisation == 0) ++panel.unattested;
        panel.filled = filled + 1;
    }

    function _isExcluded(Filling memory panel, address owner, bytes32 organisation) private pure returns (bool) {
        for (uint256 i; i < 3; ++i) {
            if (panel.excludedOwners[i] == owner) return true;
        }
        if (organisation == 0) return false;
        return organisation == panel.excludedOrganisations[0] || organisation == panel.excludedOrganisations[1];
    }
}
