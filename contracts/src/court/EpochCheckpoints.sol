// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import { IAgentRegistry } from "../interfaces/IAgentRegistry.sol";
import { Candidate, CandidateState, ICheckpoints, Roots } from "../interfaces/ICheckpoints.sol";
import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { IVerifierPool, Lot } from "../interfaces/IVerifierPool.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { SeedWindows } from "../libraries/SeedWindows.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See ICheckpoints. (OpenZeppelin has a library named Checkpoints: artifacts need names of their own.)
/// @dev Always holds: accepted epochs are 1, 2, 3 and so on without a gap and their blocks adjoin; a candidate is for the epoch
///      after the last one accepted at its posting; a signer is on the panel that was drawn for the candidate and has pledged a
///      seat. No call depends on how many candidates there are; every loop runs over one panel of at most seven.
contract EpochCheckpoints is ICheckpoints, IDisputable, Module {
    uint64 internal constant WINDOW = 1 days;
    /// @dev A candidate reaches to one of the last so many blocks: since an acceptance takes a day, no epoch is much shorter.
    uint256 internal constant FRESH = 1024;
    uint8 internal constant KIND = 6;
    uint256 internal constant PANEL = 7;
    uint256 internal constant SMALLEST_PANEL = 3;
    /// @dev The fee is a hundredth of the bond beside it; a twentieth of the bond burns when the signatures are missing.
    uint256 internal constant FEE_PART = 100;
    uint256 internal constant UNSIGNED_PART = 20;

    uint8 internal constant REJECTED_CHALLENGE = 1;
    uint8 internal constant WITHDRAWN = 2;
    /// @dev Rewards pledge under the same tag, and so did the postings of v1.0: candidates stand above both.
    uint256 internal constant PLEDGES = 2 << 128;

    IVerifierPool internal immutable VERIFIER_POOL;
    address internal immutable DISPUTES;
    uint256 internal immutable FIRST_BLOCK;

    uint64 internal _lastEpoch;
    uint64 internal _candidateCount;
    mapping(uint256 candidateId => Candidate) internal _candidates;
    mapping(uint64 epoch => uint256 candidateId) internal _accepted;
    mapping(uint256 candidateId => uint256[]) internal _panels;
    mapping(uint256 verifierId => uint256) internal _openSignatures;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "checkpoints") {
        VERIFIER_POOL = IVerifierPool(wiring.verifierPool);
        DISPUTES = wiring.disputes;
        FIRST_BLOCK = block.number;
    }

    /// @inheritdoc ICheckpoints
    function post(uint64 epoch, uint256 posterId, Roots calldata roots) external opening returns (uint256 candidateId) {
        REGISTRY.requireActor(posterId, _msgSender());
        require(epoch == _lastEpoch + 1, WrongEpoch(epoch, _lastEpoch + 1));
        _requireBlocks(roots);
        require(roots.logRoot != 0 && roots.stateRoot != 0, ZeroRoot());

        uint256 bond = PARAMETERS.get(Keys.CHECKPOINT_BOND);
        uint256 fee = bond / FEE_PART;
        candidateId = _candidateCount + 1;
        Candidate storage found = _enter(candidateId, epoch, posterId, bond, fee);
        found.finalAt = _now() + WINDOW;
        found.roots = roots;
        emit CandidatePosted(candidateId, epoch, posterId, roots, bond, fee, found.finalAt);
        _await(candidateId, found);
        REGISTRY.lock(posterId);
        _move(Accounts.stake(posterId), pledgeOf(candidateId), candidateId, bond + fee, Reasons.POSTER_BOND);
    }

    /// @inheritdoc ICheckpoints
    function drawSigners(uint256 candidateId) external {
        Candidate storage found = _requireUndrawn(candidateId);
        uint64 seedBlock = found.seedBlock;
        _requireSeedBlocks(seedBlock + 1, SeedWindows.end(seedBlock));
        bytes32 hash = blockhash(seedBlock);
        require(hash != 0, SeedHashGone(seedBlock));
        VERIFIER_POOL.stopAwaiting(seedBlock);
        bytes32 seed = keccak256(abi.encode(hash, address(this), candidateId));
        uint256 seatBond = PARAMETERS.get(Keys.MIN_SEAT);
        uint256 posterId = found.posterId;
        uint256[] memory panel = VERIFIER_POOL.draw(seed, Lot(PANEL, seatBond, 0, posterId, REGISTRY.ownerOf(posterId)));
        // While the economy begins there may not be seven; afterwards two thirds of seven must sign, whoever was drawn.
        uint256 size = VERIFIER_POOL.bootstrapped() ? PANEL : panel.length;
        uint16 quorum = uint16((2 * (size < SMALLEST_PANEL ? SMALLEST_PANEL : size) + 2) / 3);
        _seat(candidateId, found, seed, panel, quorum, seatBond);
        emit CandidatePanelDrawn(candidateId, seed, panel, quorum, seatBond);
        _payKeeper(candidateId, found.fee);
    }

    /// @inheritdoc ICheckpoints
    function reseed(uint256 candidateId) external {
        Candidate storage found = _requireUndrawn(candidateId);
        _requireSeedBlocks(SeedWindows.end(found.seedBlock), type(uint256).max);
        VERIFIER_POOL.stopAwaiting(found.seedBlock);
        _await(candidateId, found);
    }

    /// @inheritdoc ICheckpoints
    function sign(uint256 candidateId, uint256 verifierId) external {
        address caller = _msgSender();
        require(REGISTRY.mayAct(verifierId, caller), IAgentRegistry.NotAgent(verifierId, caller));
        Candidate storage found = _requireState(candidateId, CandidateState.POSTED);
        _requireBefore(found.finalAt);
        uint256 index = _indexOf(candidateId, verifierId);
        require(!_hasSigned(found, index), AlreadySigned(candidateId, verifierId));
        _countSignature(found, index, verifierId);
        emit CandidateSigned(candidateId, verifierId);
        REGISTRY.lock(verifierId);
        bytes32 account = _signerAccount(candidateId, index);
        _move(Accounts.stake(verifierId), account, candidateId, found.seatBond, Reasons.SEAT_LOCK);
    }

    /// @inheritdoc ICheckpoints
    function settleCandidate(uint256 candidateId) external timeout {
        Candidate storage found = _requireState(candidateId, CandidateState.POSTED);
        _requireFrom(found.finalAt);
        CandidateState state = CandidateState.UNSIGNED;
        if (found.quorum != 0 && found.signatures >= found.quorum) {
            state = found.epoch == _lastEpoch + 1 ? CandidateState.ACCEPTED : CandidateState.SUPERSEDED;
        }
        bytes32 pledge = pledgeOf(candidateId);
        if (state == CandidateState.UNSIGNED) {
            _move(pledge, Accounts.BURN, candidateId, found.bond / UNSIGNED_PART, Reasons.SLASH_BURN);
        }
        _payKeeper(candidateId, found.fee);
        _settle(candidateId, found, state);
    }

    /// @inheritdoc IDisputable
    function challenge(uint256 candidateId, uint8 kind, uint256 disputeId, uint256 challengerId, address)
        external
        returns (Challenge memory)
    {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        require(kind == KIND, WrongKind(kind));
        require(challengerId != 0, ChallengerMissing(candidateId));
        Candidate storage found = _requireState(candidateId, CandidateState.POSTED);
        require(!found.ruled, AlreadyRuled(candidateId));
        _requireBefore(found.finalAt);
        found.state = CandidateState.DISPUTED;
        found.disputeId = SafeCast.toUint64(disputeId);
        emit CandidateDisputed(candidateId, disputeId);
        uint256 posterId = found.posterId;
        // m = 20 and b = half of the bond: the court asks for all of it.
        uint256 bond = (uint256(found.bond / 2) * 20 + 9) / 10;
        return Challenge(posterId, REGISTRY.ownerOf(posterId), pledgeOf(candidateId), bond, true);
    }

    /// @inheritdoc IDisputable
    /// @dev A challenge that was taken back has settled nothing: another may come. After ruling 1 or a withdrawal there is
    ///      time for the signatures. A split means that no panel would vouch for the roots.
    function rule(uint256 candidateId, uint8, uint256, uint8 ruling, uint8 cause, uint256) external {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        Candidate storage found = _requireState(candidateId, CandidateState.DISPUTED);
        if (ruling != REJECTED_CHALLENGE) return _settle(candidateId, found, CandidateState.REJECTED);
        found.state = CandidateState.POSTED;
        found.ruled = cause != WITHDRAWN;
        uint64 soonest = _now() + WINDOW;
        if (found.finalAt < soonest) found.finalAt = soonest;
        emit CandidateResumed(candidateId, found.ruled, found.finalAt);
    }

    /// @inheritdoc ICheckpoints
    function forfeitSigners(uint256 candidateId, uint256 disputeId) external returns (uint256 forfeited) {
        require(msg.sender == DISPUTES, OnlyModule(msg.sender));
        Candidate storage found = _requireState(candidateId, CandidateState.DISPUTED);
        forfeited = uint256(found.signatures) * found.seatBond;
        _clearSigners(candidateId, found, Accounts.dispute(disputeId), disputeId);
    }

    /// @inheritdoc ICheckpoints
    function candidateOf(uint256 candidateId) external view returns (Candidate memory) {
        return _candidates[candidateId];
    }

    /// @inheritdoc ICheckpoints
    function candidateCount() external view returns (uint256) {
        return _candidateCount;
    }

    /// @inheritdoc ICheckpoints
    function panelOf(uint256 candidateId) external view returns (uint256[] memory) {
        return _panels[candidateId];
    }

    /// @inheritdoc ICheckpoints
    function hasSigned(uint256 candidateId, uint256 verifierId) external view returns (bool) {
        uint256[] storage panel = _panels[candidateId];
        for (uint256 i; i < panel.length; ++i) {
            if (panel[i] == verifierId) return _hasSigned(_candidates[candidateId], i);
        }
        return false;
    }

    /// @inheritdoc ICheckpoints
    function acceptedOf(uint64 epoch) external view returns (uint256 candidateId) {
        return _accepted[epoch];
    }

    /// @inheritdoc ICheckpoints
    function lastEpoch() external view returns (uint64) {
        return _lastEpoch;
    }

    /// @inheritdoc ICheckpoints
    function openSignaturesOf(uint256 verifierId) external view returns (uint256) {
        return _openSignatures[verifierId];
    }

    /// @inheritdoc ICheckpoints
    function pledgeOf(uint256 candidateId) public pure returns (bytes32) {
        return Accounts.atRisk(Pledge.POSTER, PLEDGES | candidateId);
    }

    function _enter(uint256 candidateId, uint64 epoch, uint256 posterId, uint256 bond, uint256 fee)
        internal
        returns (Candidate storage found)
    {
        _candidateCount = uint64(candidateId);
        found = _candidates[candidateId];
        found.state = CandidateState.POSTED;
        found.epoch = epoch;
        found.posterId = uint64(posterId);
        found.bond = uint128(bond);
        found.fee = uint128(fee);
    }

    function _await(uint256 candidateId, Candidate storage found) private {
        found.seedBlock = VERIFIER_POOL.awaitSeed();
        emit CandidateAwaitsPanel(candidateId, found.seedBlock);
    }

    function _seat(
        uint256 candidateId,
        Candidate storage found,
        bytes32 seed,
        uint256[] memory panel,
        uint16 quorum,
        uint256 seatBond
    ) internal {
        found.seed = seed;
        found.quorum = quorum;
        found.seatBond = uint128(seatBond);
        _panels[candidateId] = panel;
    }

    function _countSignature(Candidate storage found, uint256 index, uint256 verifierId) internal {
        found.signed |= uint16(1 << index);
        ++found.signatures;
        ++_openSignatures[verifierId];
    }

    /// @dev Half of the fee each for the draw and for the end; what nobody earned comes back with the bond.
    function _payKeeper(uint256 candidateId, uint256 fee) private {
        _move(pledgeOf(candidateId), Accounts.credit(_msgSender()), candidateId, fee / 2, Reasons.KEEPER_FEE);
    }

    /// @dev What the court and the keepers left goes back to the stake, and every signature's pledge too.
    function _settle(uint256 candidateId, Candidate storage found, CandidateState state) private {
        uint64 seedBlock = found.seedBlock;
        bool drawn = found.quorum != 0;
        _finish(candidateId, found, state);
        emit CandidateSettled(candidateId, uint8(state));
        if (state == CandidateState.ACCEPTED) _tellAccepted(candidateId, found);
        if (!drawn) VERIFIER_POOL.stopAwaiting(seedBlock);
        _clearSigners(candidateId, found, 0, candidateId);
        uint256 posterId = found.posterId;
        bytes32 pledge = pledgeOf(candidateId);
        _move(pledge, Accounts.stake(posterId), candidateId, VAULT.balanceOf(pledge), Reasons.BOND_RELEASE);
        REGISTRY.unlock(posterId);
    }

    function _finish(uint256 candidateId, Candidate storage found, CandidateState state) internal {
        found.state = state;
        _closeSignatures(candidateId, found);
        if (state != CandidateState.ACCEPTED) return;
        _lastEpoch = found.epoch;
        _accepted[found.epoch] = candidateId;
    }

    function _closeSignatures(uint256 candidateId, Candidate storage found) private {
        uint256[] storage panel = _panels[candidateId];
        for (uint256 i; i < panel.length; ++i) {
            if (_hasSigned(found, i)) --_openSignatures[panel[i]];
        }
    }

    /// @dev The epoch's checkpoint in the words of v1.0, so that whoever knows these alone misses no accepted roots.
    function _tellAccepted(uint256 candidateId, Candidate storage found) private {
        uint64 epoch = found.epoch;
        Roots memory roots = found.roots;
        emit CheckpointPosted(
            epoch,
            found.posterId,
            roots.logRoot,
            roots.stateRoot,
            roots.fromBlock,
            roots.toBlock,
            roots.eventCount,
            found.finalAt
        );
        emit CheckpointAwaitsPanel(epoch, found.seedBlock);
        uint256[] memory panel = _panels[candidateId];
        emit CheckpointPanelDrawn(epoch, found.seed, panel, found.quorum, found.seatBond);
        for (uint256 i; i < panel.length; ++i) {
            if (_hasSigned(found, i)) emit CheckpointSigned(epoch, panel[i]);
        }
        if (found.disputeId != 0) {
            emit CheckpointDisputed(epoch, found.disputeId);
            emit CheckpointResumed(epoch, found.ruled, found.finalAt);
        }
        emit CheckpointSettled(epoch, true);
    }

    /// @dev Empties every signer's account, to `to` or (0) back to its stake. The bits of who signed remain.
    function _clearSigners(uint256 candidateId, Candidate storage found, bytes32 to, uint256 ref) private {
        uint256[] storage panel = _panels[candidateId];
        for (uint256 i; i < panel.length; ++i) {
            if (!_hasSigned(found, i)) continue;
            bytes32 account = _signerAccount(candidateId, i);
            uint256 held = VAULT.balanceOf(account);
            if (held == 0) continue;
            uint256 verifierId = panel[i];
            if (to == 0) _move(account, Accounts.stake(verifierId), ref, held, Reasons.SEAT_RELEASE);
            else _move(account, to, ref, held, Reasons.SEAT_SLASH);
            REGISTRY.unlock(verifierId);
        }
    }

    function _requireBlocks(Roots calldata roots) private view {
        bool ordered = roots.fromBlock <= roots.toBlock && roots.toBlock < block.number;
        require(ordered, BlocksOutOfOrder(roots.fromBlock, roots.toBlock, block.number));
        uint256 oldest = block.number < FRESH ? 0 : block.number - FRESH;
        require(roots.toBlock >= oldest, BlocksTooOld(roots.toBlock, oldest));
        if (_lastEpoch == 0) {
            require(roots.fromBlock <= FIRST_BLOCK, BlocksDoNotAdjoin(roots.fromBlock, uint64(FIRST_BLOCK)));
        } else {
            uint64 expected = _candidates[_accepted[_lastEpoch]].roots.toBlock + 1;
            require(roots.fromBlock == expected, BlocksDoNotAdjoin(roots.fromBlock, expected));
        }
    }

    function _requireUndrawn(uint256 candidateId) private view returns (Candidate storage found) {
        found = _requireState(candidateId, CandidateState.POSTED);
        require(found.quorum == 0, PanelAlreadyDrawn(candidateId));
        _requireBefore(found.finalAt);
    }

    function _requireSeedBlocks(uint256 from, uint256 until) private view {
        require(block.number >= from && block.number < until, SeedOutsideBlocks(from, until, block.number));
    }

    function _requireState(uint256 candidateId, CandidateState needed) private view returns (Candidate storage found) {
        found = _candidates[candidateId];
        require(found.state == needed, WrongCandidateState(candidateId, found.state));
    }

    function _indexOf(uint256 candidateId, uint256 verifierId) internal view returns (uint256 index) {
        uint256[] storage panel = _panels[candidateId];
        for (; index < panel.length; ++index) {
            if (panel[index] == verifierId) return index;
        }
        revert NotSigner(candidateId, verifierId);
    }

    function _hasSigned(Candidate storage found, uint256 index) private view returns (bool) {
        return found.signed & (1 << index) != 0;
    }

    /// @dev Above the accounts of v1.0, which began with the epoch.
    function _signerAccount(uint256 candidateId, uint256 index) private pure returns (bytes32) {
        return Accounts.atRisk(Pledge.CHECKPOINT_SIGNER, PLEDGES | (candidateId << 16) | index);
    }
}
