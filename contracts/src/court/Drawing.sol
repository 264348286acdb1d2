// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IReputation } from "../interfaces/IReputation.sol";
import { IStake } from "../interfaces/IStake.sol";
import { Attestation, IVerifierPool, Leaf, Lot, Member } from "../interfaces/IVerifierPool.sol";
import { Accounts } from "../libraries/Accounts.sol";
import { Decay } from "../libraries/Decay.sol";
import { Domains } from "../libraries/Domains.sol";
import { Keys } from "../libraries/Keys.sol";
import { SumTree } from "../libraries/SumTree.sol";
import { Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @title The pool's weights and its lots (see IVerifierPool). Reads only; VerifierPool writes.
/// @dev weight = sqrt(stake) * reputation * recency. Recency is forward: an activity one half-life later doubles a leaf, so
///      every other one halves beside it without being written. A draw is successive sampling without replacement: a
///      candidate that may not sit is rejected and the next number tried. Two trees share the slots: the attested members
///      stand in one, the unattested in the other, so that a draw whose unattested seats are taken tries no more of them.
abstract contract Drawing is IVerifierPool, Module {
    using SumTree for SumTree.Tree;

    /// @dev A panel being filled. Keys are tags (see Leaf).
    struct Filling {
        bool bootstrapped;
        uint256 unattestedWeight;
        uint256 attestedWeight;
        uint256 seatBond;
        uint256 filled;
        uint256 unattested;
        uint256 unattestedMost;
        uint256[] ids;
        address[] owners;
        uint256[] organisations;
        uint256[] networks;
        address[3] excludedOwners;
        uint256[2] excludedOrganisations;
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

    SumTree.Tree internal _unattested;
    SumTree.Tree internal _attested;
    uint256 internal _memberCount;
    uint256 internal _organisationCount;
    mapping(uint256 verifierId => Member) internal _members;
    mapping(uint256 slot => Leaf) internal _leaves;
    mapping(address owner => uint256 verifierId) internal _leafOf;
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
        uint256 tries = TRIES_PER_SEAT * lot.seats;
        for (uint256 k; k < tries && panel.filled < lot.seats; ++k) {
            uint256 unattestedWeight = panel.unattested < panel.unattestedMost ? panel.unattestedWeight : 0;
            uint256 total = unattestedWeight + panel.attestedWeight;
            if (total == 0) break;
            uint256 point = uint256(keccak256(abi.encode(seed, k))) % total;
            uint256 slot = point < unattestedWeight ? _unattested.find(point) : _attested.find(point - unattestedWeight);
            _consider(panel, _leaves[slot]);
        }
        verifierIds = new uint256[](panel.filled);
        for (uint256 i; i < panel.filled; ++i) {
            verifierIds[i] = panel.ids[i];
        }
    }

    /// @inheritdoc IVerifierPool
    function weightNow(uint256 verifierId) public view returns (uint256) {
        return _weightAt(verifierId, _members[verifierId].lastActive);
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
        return _leaves[slot].verifierId;
    }

    /// @inheritdoc IVerifierPool
    function leafAt(uint256 slot) external view returns (Leaf memory) {
        return _leaves[slot];
    }

    /// @inheritdoc IVerifierPool
    function leafOf(address owner) external view returns (uint256 verifierId) {
        return _leafOf[owner];
    }

    /// @inheritdoc IVerifierPool
    function weightOf(uint256 verifierId) public view returns (uint256) {
        Member storage member = _members[verifierId];
        return member.place == 0 ? 0 : _treeOf(member.attested).get(member.place - 1);
    }

    /// @inheritdoc IVerifierPool
    function totalWeight() external view returns (uint256) {
        return _unattested.total() + _attested.total();
    }

    /// @inheritdoc IVerifierPool
    function attestedWeight() external view returns (uint256) {
        return _attested.total();
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

    function _weightAt(uint256 verifierId, uint64 lastActive) internal view returns (uint256) {
        uint256 stake = Math.min(STAKE.bondedOf(verifierId), HEAVIEST_STAKE);
        int256 score = REPUTATION.scoreOf(verifierId, Domains.VERIFICATION);
        uint256 exponent = PARAMETERS.exponentAt(Keys.REC_HALF_LIFE, lastActive);
        return Math.sqrt(stake / STAKE_UNIT) * _rho(score) * _recency(exponent);
    }

    function _treeOf(bool attested) internal view returns (SumTree.Tree storage) {
        return attested ? _attested : _unattested;
    }

    /// @dev What stands for a key in a leaf. An attester whose two keys had one tag would have found a collision of 104 bits,
    ///      and would have kept its own verifiers off one panel.
    function _tagOf(bytes32 key) internal pure returns (uint104) {
        return key == 0 ? 0 : uint104(uint256(keccak256(abi.encode(key))));
    }

    function _begin(Lot calldata lot) private view returns (Filling memory panel) {
        panel.bootstrapped = bootstrapped();
        panel.unattestedWeight = _unattested.total();
        panel.attestedWeight = _attested.total();
        panel.seatBond = lot.seatBond;
        panel.unattestedMost = panel.bootstrapped ? Math.max(1, lot.seats / 3) : lot.seats;
        panel.ids = new uint256[](lot.seats);
        panel.owners = new address[](lot.seats);
        panel.organisations = new uint256[](lot.seats);
        panel.networks = new uint256[](lot.seats);
        panel.excludedOwners[0] = lot.principal;
        panel.excludedOwners[1] = REGISTRY.ownerOf(lot.respondentId);
        panel.excludedOrganisations[0] = _organisationOf(lot.respondentId);
        if (lot.challengerId != 0) {
            panel.excludedOwners[2] = REGISTRY.ownerOf(lot.challengerId);
            panel.excludedOrganisations[1] = _organisationOf(lot.challengerId);
        }
    }

    function _organisationOf(uint256 agentId) private view returns (uint256) {
        (bytes32 orgKey,) = keysOf(agentId);
        return _tagOf(orgKey);
    }

    /// @dev Everything that a candidate is asked stands in the two words of its leaf, except its stake. An owner has one leaf,
    ///      so whose owner sits already is the same member again.
    function _consider(Filling memory panel, Leaf storage leaf) private view {
        address owner = leaf.owner;
        uint256 filled = panel.filled;
        for (uint256 i; i < filled; ++i) {
            if (panel.owners[i] == owner) return;
        }
        for (uint256 i; i < 3; ++i) {
            if (panel.excludedOwners[i] == owner) return;
        }
        // A new name is as good as a new owner; while the economy begins, all are new.
        if (panel.bootstrapped && block.timestamp < leaf.ownerSince + OWNER_SETTLED) return;
        bool attested = block.timestamp < leaf.attestedUntil;
        if (!attested && panel.unattested >= panel.unattestedMost) return;
        if (attested && !_isDiverse(panel, leaf.organisation, leaf.network)) return;
        uint256 verifierId = leaf.verifierId;
        if (VAULT.balanceOf(Accounts.stake(verifierId)) < panel.seatBond) return;
        panel.ids[filled] = verifierId;
        panel.owners[filled] = owner;
        if (attested) (panel.organisations[filled], panel.networks[filled]) = (leaf.organisation, leaf.network);
        else ++panel.unattested;
        panel.filled = filled + 1;
    }

    function _isDiverse(Filling memory panel, uint256 organisation, uint256 network) private pure returns (bool) {
        if (organisation == panel.excludedOrganisations[0] || organisation == panel.excludedOrganisations[1]) {
            return false;
        }
        for (uint256 i; i < panel.filled; ++i) {
            if (panel.organisations[i] == organisation || panel.networks[i] == network) return false;
        }
        return true;
    }
}
