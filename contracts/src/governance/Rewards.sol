// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { MerkleProof } from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Challenge, IDisputable } from "../interfaces/IDisputable.sol";
import { EraRoot, IRewards } from "../interfaces/IRewards.sol";
import { Accounts, Pledge, Reasons } from "../libraries/Accounts.sol";
import { Keys } from "../libraries/Keys.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Module } from "../Module.sol";

/// @notice See IRewards.
/// @dev Roots come in with a bond, the era's pool moves once, grants vest. Always holds: an era moves its pool at most once; an
///      agent is granted at most once an era; a grant's account holds what is granted and not yet paid; no era before the
///      deployment; a root's bond covers all that it gives; of several roots in a week all after the first stay within eraPool.
///      No loop but the proof.
contract Rewards is IRewards, IDisputable, Module {
    uint8 internal constant POSTED = 1;
    uint8 internal constant DISPUTED = 2;
    uint8 internal constant ACCEPTED = 3;
    uint8 internal constant NOT_ACCEPTED = 4;

    uint8 internal constant KIND = 7;
    uint8 internal constant CONFIRMED = 1;
    uint8 internal constant WITHDRAWN = 2;

    uint256 internal constant ERA = 7 days;
    uint64 internal constant CHALLENGE_WINDOW = 2 days;
    uint64 internal constant CLAIM_LIFE = 365 days;
    uint256 internal constant WINNERS = 100;
    uint256 internal constant TREASURY_PART = 100;
    /// @dev Checkpoints pledge under the same tag: eras stand above every epoch.
    uint256 internal constant PLEDGES = 1 << 128;

    address internal immutable DISPUTES;
    /// @dev The era of the deployment: before it nobody can have earned anything.
    uint256 internal immutable FIRST_ERA = block.timestamp / ERA;

    mapping(uint256 era => EraRoot) internal _eras;
    mapping(uint256 era => mapping(uint256 agentId => uint256)) internal _grants;
    mapping(uint256 week => uint256) internal _paidIn;

    constructor(Wiring memory wiring, Genesis memory) Module(wiring, "rewards") {
        DISPUTES = wiring.disputes;
    }

    /// @inheritdoc IRewards
    function postRoot(uint256 era, bytes32 root, uint256 total, uint256 posterId) external opening {
        require(era >= FIRST_ERA && era < type(uint64).max, EraOutOfBounds(era));
        uint256 endsAt = (era + 1) * ERA;
        require(block.timestamp >= endsAt, EraNotOver(era, endsAt, block.timestamp));
        EraRoot storage posted = _eras[era];
        require(posted.status == 0 || posted.status == NOT_ACCEPTED, WrongStatus(era, posted.status));
        REGISTRY.requireActor(posterId, _msgSender());
        require(root != 0, ZeroRoot());
        uint256 highest = poolNow();
        require(total != 0 && total <= highest, TotalOutOfBounds(total, highest));

        // A root that nobody looks at pays its poster; one that is looked at costs as much.
        uint256 bond = Math.max(PARAMETERS.get(Keys.CHECKPOINT_BOND), total);
        uint64 finalAt = _now() + CHALLENGE_WINDOW;
        _eras[era] = EraRoot(POSTED, false, posted.posting + 1, finalAt, 0, uint64(posterId), 0, bond, total, root);
        emit EraRootPosted(era, root, total, posterId, finalAt);
        REGISTRY.lock(posterId);
        _move(Accounts.stake(posterId), pledgeOf(era), era, bond, Reasons.POSTER_BOND);
    }

    /// @inheritdoc IRewards
    function settleEra(uint256 era) external timeout {
        EraRoot storage posted = _eras[era];
        require(posted.status == POSTED, WrongStatus(era, posted.status));
        _requireFrom(posted.finalAt);
        bool accepted = VAULT.balanceOf(Accounts.TREASURY) >= posted.total;
        posted.status = accepted ? ACCEPTED : NOT_ACCEPTED;
        if (accepted) {
            _countPaid(era, posted.total);
            posted.vestStart = _now();
            posted.vestEnd = _now() + uint64(PARAMETERS.get(Keys.VEST));
        }
        emit EraRootSettled(era, accepted, posted.vestStart, posted.vestEnd);
        _releasePledge(era, posted.posterId);
        if (accepted) _move(Accounts.TREASURY, Accounts.reward(era, 0), era, posted.total, Reasons.REWARD);
    }

    /// @inheritdoc IRewards
    function claim(uint256 era, uint256 index, uint256 agentId, uint256 amount, bytes32[] calldata proof) external {
        EraRoot storage posted = _eras[era];
        require(posted.status == ACCEPTED, WrongStatus(era, posted.status));
        _requireBefore(posted.vestStart + CLAIM_LIFE);
        require(index < WINNERS, IndexOutOfBounds(index, WINNERS));
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(era, index, agentId, amount))));
        require(
            agentId != 0 && amount != 0 && MerkleProof.verifyCalldata(proof, posted.root, leaf),
            WrongProof(era, index, agentId, amount)
        );
        require(_grants[era][agentId] == 0, AlreadyGranted(era, agentId));
        _grants[era][agentId] = amount;
        emit RewardGranted(era, agentId, amount, posted.vestStart, posted.vestEnd);
        _move(Accounts.reward(era, 0), Accounts.reward(era, agentId), era, amount, Reasons.REWARD);
    }

    /// @inheritdoc IRewards
    function release(uint256 era, uint256 agentId) external returns (uint256 paid) {
        paid = vestedOf(era, agentId);
        require(paid != 0, NothingVested(era, agentId));
        bytes32 home = Accounts.credit(REGISTRY.ownerOf(agentId));
        _move(Accounts.reward(era, agentId), home, era, paid, Reasons.REWARD);
    }

    /// @inheritdoc IRewards
    function sweepEra(uint256 era) external timeout {
        EraRoot storage posted = _eras[era];
        require(posted.status == ACCEPTED, WrongStatus(era, posted.status));
        _requireFrom(posted.vestStart + CLAIM_LIFE);
        bytes32 pool = Accounts.reward(era, 0);
        uint256 rest = VAULT.balanceOf(pool);
        require(rest != 0, NothingLeft(era));
        _move(pool, Accounts.TREASURY, era, rest, Reasons.REFUND);
    }

    /// @inheritdoc IDisputable
    function challenge(uint256 era, uint8 kind, uint256, uint256 challengerId, address)
        external
        returns (Challenge memory)
    {
        require(msg.sender == DISPUTES, OnlyDisputes(msg.sender));
        require(kind == KIND, WrongKind(kind, KIND));
        // The principal is the poster's own side.
        require(challengerId != 0, NoPrincipal(era));
        EraRoot storage posted = _eras[era];
        require(posted.status == POSTED, WrongStatus(era, posted.status));
        require(!posted.ruled, AlreadyRuled(era));
        _requireBefore(posted.finalAt);
        posted.status = DISPUTED;
        // m = 20 and b = half of the bond: the court asks for all of it.
        return Challenge(posted.posterId, REGISTRY.ownerOf(posted.posterId), pledgeOf(era), posted.bond, true);
    }

    /// @inheritdoc IDisputable
    /// @dev A challenge that was taken back has confirmed nothing: another may come, for a full window at least. A split means
    ///      that no panel would vouch for the root: nothing is paid on it.
    function rule(uint256 era, uint8, uint256, uint8 ruling, uint8 cause, uint256) external {
        require(msg.sender == DISPUTES, OnlyDisputes(msg.sender));
        EraRoot storage posted = _eras[era];
        require(posted.status == DISPUTED, WrongStatus(era, posted.status));
        if (ruling == CONFIRMED) {
            posted.status = POSTED;
            if (cause == WITHDRAWN) posted.finalAt = uint64(Math.max(posted.finalAt, _now() + CHALLENGE_WINDOW));
            else posted.ruled = true;
            return;
        }
        posted.status = NOT_ACCEPTED;
        emit EraRootSettled(era, false, 0, 0);
        _releasePledge(era, posted.posterId);
    }

    /// @inheritdoc IRewards
    function eraOf(uint256 era) external view returns (EraRoot memory) {
        return _eras[era];
    }

    /// @inheritdoc IRewards
    function eraAt(uint64 time) external pure returns (uint256) {
        return time / ERA;
    }

    /// @inheritdoc IRewards
    function firstEra() external view returns (uint256) {
        return FIRST_ERA;
    }

    /// @inheritdoc IRewards
    function paidIn(uint256 week) external view returns (uint256) {
        return _paidIn[week];
    }

    /// @inheritdoc IRewards
    function poolNow() public view returns (uint256) {
        return Math.min(PARAMETERS.get(Keys.ERA_POOL), VAULT.balanceOf(Accounts.TREASURY) / TREASURY_PART);
    }

    /// @inheritdoc IRewards
    function pledgeOf(uint256 era) public view returns (bytes32) {
        return Accounts.atRisk(Pledge.POSTER, PLEDGES | (era << 16) | _eras[era].posting);
    }

    /// @inheritdoc IRewards
    function grantOf(uint256 era, uint256 agentId) external view returns (uint256 amount) {
        return _grants[era][agentId];
    }

    /// @inheritdoc IRewards
    function vestedOf(uint256 era, uint256 agentId) public view returns (uint256) {
        uint256 amount = _grants[era][agentId];
        if (amount == 0) return 0;
        EraRoot storage posted = _eras[era];
        uint256 vest = posted.vestEnd - posted.vestStart;
        uint256 vested = amount * Math.min(block.timestamp - posted.vestStart, vest) / vest;
        return vested - (amount - VAULT.balanceOf(Accounts.reward(era, agentId)));
    }

    /// @dev Weeks in which nobody posted do not add up to one payment. The first root of a week always settles: eraPool may
    ///      have been lowered since it was posted.
    function _countPaid(uint256 era, uint256 total) internal {
        uint256 week = block.timestamp / ERA;
        uint256 paid = _paidIn[week];
        uint256 highest = PARAMETERS.get(Keys.ERA_POOL);
        require(paid == 0 || paid + total <= highest, WeekIsSpent(era, week, paid, highest));
        _paidIn[week] = paid + total;
    }

    /// @dev What the court left of the bond goes back to the stake that it came from.
    function _releasePledge(uint256 era, uint256 posterId) internal {
        bytes32 pledge = pledgeOf(era);
        _move(pledge, Accounts.stake(posterId), era, VAULT.balanceOf(pledge), Reasons.BOND_RELEASE);
        REGISTRY.unlock(posterId);
    }
}
