// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { AccessControl } from "@openzeppelin/contracts/access/AccessControl.sol";
import { Context } from "@openzeppelin/contracts/utils/Context.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { ICheckpoints } from "../interfaces/ICheckpoints.sol";
import { IDisputes } from "../interfaces/IDisputes.sol";
import { Attestation, IVerifierPool, Leaf, Member } from "../interfaces/IVerifierPool.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Domains } from "../libraries/Domains.sol";
import { Keys } from "../libraries/Keys.sol";
import { SeedWindows } from "../libraries/SeedWindows.sol";
import { SumTree } from "../libraries/SumTree.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Drawing } from "./Drawing.sol";

/// @notice See IVerifierPool. Membership, attestations and the freeze; Drawing weighs and draws.
/// @dev Always holds: slots 0 to memberCount - 1 are taken and no others; a leaf outside them weighs nothing; an owner has at
///      most one leaf; a member's registry entry is locked, so its owner stays. While a round waits for a known seed, no leaf,
///      member or attestation changes.
contract VerifierPool is Drawing, AccessControl {
    using SumTree for SumTree.Tree;

    bytes32 internal constant POOL = Domains.VERIFICATION;
    bytes32 public constant ATTESTER_ROLE = keccak256("ATTESTER_ROLE");

    uint64 internal constant LONGEST_ATTESTATION = 180 days;
    uint256 internal constant IDLE_HALF_LIVES = 3;
    /// @dev What whoever evicts a member has from that member's stake: a hundredth of the default minimum.
    uint256 internal constant EVICTION_FEE = 1e18;

    uint8 internal constant LEFT = 1;
    uint8 internal constant IDLE = 2;
    uint8 internal constant BELOW_MINIMUM = 3;
    uint8 internal constant ABSENT = 4;
    uint8 internal constant DISPLACED = 5;

    IDisputes internal immutable DISPUTES;
    ICheckpoints internal immutable CHECKPOINTS;

    constructor(Wiring memory wiring, Genesis memory genesis) Drawing(wiring) {
        DISPUTES = IDisputes(wiring.disputes);
        CHECKPOINTS = ICheckpoints(wiring.checkpoints);
        _grantRole(DEFAULT_ADMIN_ROLE, wiring.timelock);
        for (uint256 i; i < genesis.attesters.length; ++i) {
            _grantRole(ATTESTER_ROLE, genesis.attesters[i]);
        }
    }

    modifier thawed() {
        requireThawed();
        _;
    }

    modifier onlyModule() {
        bool known = msg.sender == address(DISPUTES) || msg.sender == address(CHECKPOINTS);
        require(known, OnlyModule(msg.sender));
        _;
    }

    /// @inheritdoc IVerifierPool
    function join(uint256 verifierId) external opening thawed {
        require(_memberCount < SumTree.LEAVES, PoolFull(SumTree.LEAVES));
        _join(verifierId, REGISTRY.requireActor(verifierId, _msgSender()));
    }

    /// @inheritdoc IVerifierPool
    function displace(uint256 verifierId, uint256 lighterId) external opening thawed {
        address owner = REGISTRY.requireActor(verifierId, _msgSender());
        require(_members[verifierId].place == 0, AlreadyMember(verifierId));
        require(_memberCount == SumTree.LEAVES, PoolNotFull(_memberCount));
        _requireUnengaged(lighterId);
        require(_outranks(verifierId, lighterId), NotHeavier(verifierId, lighterId));
        _remove(lighterId, DISPLACED);
        _join(verifierId, owner);
    }

    /// @inheritdoc IVerifierPool
    function leave(uint256 verifierId) external thawed {
        address caller = _msgSender();
        require(REGISTRY.mayAct(verifierId, caller), IAgentRegistry.NotAgent(verifierId, caller));
        _requireMember(verifierId);
        uint256 seats = DISPUTES.openSeatsOf(verifierId);
        require(seats == 0, SeatsOpen(verifierId, seats));
        _remove(verifierId, LEFT);
    }

    /// @inheritdoc IVerifierPool
    function refreshWeight(uint256 verifierId) external thawed {
        _requireMember(verifierId);
        _sort(verifierId);
        _write(verifierId);
    }

    /// @inheritdoc IVerifierPool
    function evict(uint256 verifierId) external timeout thawed {
        _requireUnengaged(verifierId);
        uint256 stake = STAKE.stakeOf(verifierId);
        _remove(verifierId, _unfitness(verifierId, stake));
        bytes32 keeper = Accounts.credit(_msgSender());
        _move(Accounts.stake(verifierId), keeper, verifierId, Math.min(stake, EVICTION_FEE), Reasons.KEEPER_FEE);
    }

    /// @inheritdoc IVerifierPool
    function attest(uint256 verifierId, bytes32 orgKey, bytes32 asnKey, uint64 validUntil)
        external
        onlyRole(ATTESTER_ROLE)
        thawed
    {
        REGISTRY.ownerOf(verifierId);
        uint64 latest = _now() + LONGEST_ATTESTATION;
        require(validUntil <= latest, ValidTooLong(validUntil, latest));
        bool holds = validUntil > block.timestamp;
        require(!holds || (orgKey != 0 && asnKey != 0), KeysMissing(verifierId));
        address attester = _msgSender();
        _attestations[verifierId] = Attestation(orgKey, asnKey, validUntil, attester);
        emit VerifierAttested(verifierId, attester, orgKey, asnKey, validUntil);
        uint256 place = _members[verifierId].place;
        if (place == 0) return;
        if (holds) _countOrganisation(orgKey);
        _setKeys(verifierId, place - 1);
        _sort(verifierId);
    }

    /// @inheritdoc IVerifierPool
    function awaitSeed() external onlyModule returns (uint64 seedBlock) {
        seedBlock = SeedWindows.next(block.number);
        emit SeedAwaited(seedBlock, ++_waiting[seedBlock]);
    }

    /// @inheritdoc IVerifierPool
    function stopAwaiting(uint64 seedBlock) external onlyModule {
        require(_waiting[seedBlock] != 0, NobodyWaits(seedBlock));
        emit SeedAwaited(seedBlock, --_waiting[seedBlock]);
    }

    /// @inheritdoc IVerifierPool
    function touch(uint256 verifierId) external onlyModule {
        if (_members[verifierId].place == 0) return;
        _members[verifierId].lastActive = _now();
        if (frozenUntil() != 0) return _announce(verifierId, weightOf(verifierId));
        _sort(verifierId);
        _write(verifierId);
    }

    /// @inheritdoc IVerifierPool
    function missed(uint256 verifierId) external {
        require(msg.sender == address(DISPUTES), OnlyModule(msg.sender));
        if (_members[verifierId].place == 0) return;
        _members[verifierId].lastActive = 0;
        _announce(verifierId, weightOf(verifierId));
    }

    /// @inheritdoc IVerifierPool
    function requireThawed() public view {
        uint256 until = frozenUntil();
        require(until == 0, PoolFrozen(until));
    }

    /// @inheritdoc IVerifierPool
    function frozenUntil() public view returns (uint256) {
        uint256 seedBlock = SeedWindows.seedBlockOf(block.number);
        return block.number >= seedBlock && _waiting[seedBlock] != 0 ? SeedWindows.end(seedBlock) : 0;
    }

    /// @inheritdoc IVerifierPool
    function waitingFor(uint256 seedBlock) external view returns (uint256) {
        return _waiting[seedBlock];
    }

    /// @inheritdoc IVerifierPool
    function hasJoined(bytes32 orgKey) external view returns (bool) {
        return _organisations[orgKey];
    }

    /// @inheritdoc IVerifierPool
    function organisationCount() external view returns (uint256) {
        return _organisationCount;
    }

    function _join(uint256 verifierId, address owner) private {
        require(_members[verifierId].place == 0, AlreadyMember(verifierId));
        uint256 other = _leafOf[owner];
        require(other == 0, OwnerHasLeaf(owner, other));
        uint256 found = STAKE.stakeOf(verifierId);
        uint256 needed = PARAMETERS.get(Keys.MIN_STAKE_VERIFIER);
        require(found >= needed, StakeTooLow(verifierId, found, needed));

        (bytes32 orgKey,) = keysOf(verifierId);
        emit VerifierJoined(POOL, verifierId, orgKey == 0 ? bytes32(uint256(uint160(owner))) : orgKey);
        uint64 ownerSince = REGISTRY.ownerSince(verifierId);
        emit VerifierAdmitted(POOL, verifierId, owner, ownerSince, needed);
        _enter(verifierId, owner, ownerSince, needed);
        _countOrganisation(orgKey);
        _sort(verifierId);
        _write(verifierId);
        REGISTRY.lock(verifierId);
    }

    function _enter(uint256 verifierId, address owner, uint64 ownerSince, uint256 minimum) internal {
        uint256 slot = _memberCount++;
        _members[verifierId] = Member(uint32(slot + 1), _now(), false, uint128(minimum));
        _leafOf[owner] = verifierId;
        Leaf storage leaf = _leaves[slot];
        leaf.owner = owner;
        leaf.verifierId = uint48(verifierId);
        leaf.ownerSince = uint48(ownerSince);
        _setKeys(verifierId, slot);
    }

    /// @dev The last member moves into the freed slot, so that the taken slots stay together.
    function _remove(uint256 verifierId, uint8 cause) private {
        emit VerifierLeft(POOL, verifierId, cause);
        (uint256 movedId, uint256 slot, uint256 weight) = _exit(verifierId);
        if (movedId != 0) {
            emit VerifierWeightSet(POOL, movedId, uint32(slot), weight, _members[movedId].lastActive);
        }
        REGISTRY.unlock(verifierId);
    }

    function _exit(uint256 verifierId) internal returns (uint256 movedId, uint256 slot, uint256 weight) {
        Member storage member = _members[verifierId];
        slot = member.place - 1;
        uint256 last = --_memberCount;
        _treeOf(member.attested).set(slot, 0);
        delete _members[verifierId];
        delete _leafOf[_leaves[slot].owner];
        if (slot != last) {
            movedId = _leaves[last].verifierId;
            _leaves[slot] = _leaves[last];
            Member storage moved = _members[movedId];
            moved.place = uint32(slot + 1);
            SumTree.Tree storage tree = _treeOf(moved.attested);
            weight = tree.get(last);
            tree.set(last, 0);
            tree.set(slot, weight);
        }
        delete _leaves[last];
    }

    /// @dev What attesters said last, in short, beside the owner.
    function _setKeys(uint256 verifierId, uint256 slot) internal {
        Attestation storage said = _attestations[verifierId];
        Leaf storage leaf = _leaves[slot];
        leaf.organisation = _tagOf(said.orgKey);
        leaf.network = _tagOf(said.asnKey);
        leaf.attestedUntil = uint48(said.validUntil);
    }

    /// @dev A leaf stands in the tree of the attested while its attestation is in force, as far as somebody has written it.
    function _sort(uint256 verifierId) private {
        bool attested = block.timestamp < _attestations[verifierId].validUntil;
        if (_members[verifierId].attested == attested) return;
        emit VerifierTreeSet(POOL, verifierId, attested);
        _setTree(verifierId, attested);
    }

    function _setTree(uint256 verifierId, bool attested) internal {
        Member storage member = _members[verifierId];
        uint256 slot = member.place - 1;
        uint256 weight = _treeOf(member.attested).get(slot);
        _treeOf(member.attested).set(slot, 0);
        _treeOf(attested).set(slot, weight);
        member.attested = attested;
    }

    function _countOrganisation(bytes32 orgKey) internal {
        if (orgKey == 0 || _organisations[orgKey]) return;
        _organisations[orgKey] = true;
        ++_organisationCount;
    }

    function _write(uint256 verifierId) private {
        Member storage member = _members[verifierId];
        uint256 weight = weightNow(verifierId);
        _treeOf(member.attested).set(member.place - 1, weight);
        _announce(verifierId, weight);
    }

    function _announce(uint256 verifierId, uint256 weight) private {
        Member storage member = _members[verifierId];
        emit VerifierWeightSet(POOL, verifierId, member.place - 1, weight, member.lastActive);
    }

    /// @dev Why a member may be evicted. The minimum is the one that it joined under, or a lower one that came later: a raise
    ///      asks more of newcomers alone.
    function _unfitness(uint256 verifierId, uint256 stake) private view returns (uint8) {
        Member storage member = _members[verifierId];
        if (stake < Math.min(member.minimum, PARAMETERS.get(Keys.MIN_STAKE_VERIFIER))) return BELOW_MINIMUM;
        if (member.lastActive == 0) return ABSENT;
        uint256 then_ = PARAMETERS.exponentAt(Keys.REC_HALF_LIFE, member.lastActive);
        bool idle = PARAMETERS.exponentAt(Keys.REC_HALF_LIFE, _now()) >= then_ + (IDLE_HALF_LIVES << 16);
        require(idle, StillFit(verifierId));
        return IDLE;
    }

    /// @dev An attested newcomer comes before every unattested member, an unattested one never before an attested; among equals
    ///      the heavier, both as they would weigh if they were written now.
    function _outranks(uint256 newcomerId, uint256 memberId) private view returns (bool) {
        bool attested = block.timestamp < _attestations[newcomerId].validUntil;
        if (attested != (block.timestamp < _attestations[memberId].validUntil)) return attested;
        return _weightAt(newcomerId, _now()) > weightNow(memberId);
    }

    /// @dev A member with an open seat or signature has stake at risk that counts for it, and its duty is still to come.
    function _requireUnengaged(uint256 verifierId) private view {
        _requireMember(verifierId);
        uint256 seats = DISPUTES.openSeatsOf(verifierId);
        require(seats == 0, SeatsOpen(verifierId, seats));
        uint256 signatures = CHECKPOINTS.openSignaturesOf(verifierId);
        require(signatures == 0, SignaturesOpen(verifierId, signatures));
    }

    function _requireMember(uint256 verifierId) private view {
        require(_members[verifierId].place != 0, NotMember(verifierId));
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
